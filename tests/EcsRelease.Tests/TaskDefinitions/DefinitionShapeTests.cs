using EcsRelease.TaskDefinitions.Files;

namespace EcsRelease.Tests.TaskDefinitions;

public sealed class DefinitionShapeTests
{
    // Required there, while this engine has a default; and strings there, which the service takes as numbers too.
    private static readonly string[] _deviations = ["RegisterTaskDefinitionRequest.family", "RegisterTaskDefinitionRequest.cpu", "RegisterTaskDefinitionRequest.memory"];

    [Test]
    public void The_table_says_what_botocores_model_says()
    {
        if (EcsModel.Structures is not { } model)
        {
            Assert.Ignore("botocore's model is not here");
            return;
        }

        var wrong =
            from structure in model
            from member in structure.Value.Values
            let place = $"{structure.Key}.{member.Name}"
            let ours = DefinitionShape.Structures.GetValueOrDefault(structure.Key)?.GetValueOrDefault(member.Name)
            // A member that is newer than the table is kept as any unknown one.
            where ours is not null && ours != member && !_deviations.Contains(place)
            select $"{place}: {member} there, {ours} here";

        wrong.Should().BeEmpty();
        model[DefinitionShape.Root].Keys.Should().Contain(DefinitionShape.Structures[DefinitionShape.Root].Keys.Take(10));
        model.Should().HaveCountGreaterThan(30);
    }

    [Test]
    public void Every_structure_that_a_member_names_is_in_the_table() =>
        DefinitionShape.Structures.Values.SelectMany(members => members.Values).Select(member => member.Type is MemberType.List list ? list.Element : member.Type)
            .OfType<MemberType.Structure>().Select(type => type.Name).Should().BeSubsetOf(DefinitionShape.Structures.Keys);
}
