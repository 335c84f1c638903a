namespace EcsRelease;

// 518x: verify and permissions
public static partial class Errors
{
    public static Notice RolesUnknown(string account) => new("ECSR5180",
        $"The roles of the tasks are not known without asking AWS, so iam:PassRole covers every role of account '{account}' that is passed to ecs-tasks.amazonaws.com. Name them (EcsExecutionRole, EcsTaskRole), or leave out --account so that the live revision is read.");

    public static Notice RepositoryElsewhere(string repository, string account) => new("ECSR5181",
        $"Repository '{repository}' belongs to account '{account}': its repository policy must allow the ecr actions too. With EcrRoleArn or EcrProfile they belong to that role's or profile's policy.");

    public static Notice RoleIsAssumed(string role) => new("ECSR5182",
        $"'{role}' is assumed: the statement AssumeRole belongs to the credentials that assume it, all others to the role.");
}
