namespace EcsRelease.Tests.Races;

internal enum Relation
{
    Same,

    /// <summary>The second commit is a child of the first.</summary>
    Ahead,

    /// <summary>Two children of one commit.</summary>
    Diverged,
}

/// <summary>What two processes do in a round; all of it follows from the seed.</summary>
/// <param name="SameBytes">Both builds of one commit give the same image.</param>
internal sealed record RaceRound(int Seed, Relation Relation, bool Creates, bool OwnRepository, ConflictPolicy[] OnConflict, int[] Delays, bool FirstIsOlder, bool SameBytes)
{
    // Of four lanes one meets AWS's request quotas.
    public bool IsThrottled => Seed % 4 == 0;

    public static RaceRound Of(int seed)
    {
        var random = new Random(seed);
        var relation = random.Next(10) switch { < 4 => Relation.Same, < 8 => Relation.Ahead, _ => Relation.Diverged };
        return new(
            seed, relation, Creates: random.Next(3) == 0, OwnRepository: random.Next(10) == 0,
            [Policy(random), Policy(random)], [Delay(random), Delay(random)], random.Next(2) == 0, random.Next(2) == 0);
    }

    public override string ToString() =>
        $"seed {Seed}: {Relation} commits{(Creates ? ", service to be created" : "")}{(OwnRepository ? ", repository to be created" : "")}{(IsThrottled ? ", throttled" : "")}{(SameBytes ? "" : ", builds that differ")}, "
        + $"{OnConflict[0]} after {Delays[0]} ms{(Relation == Relation.Ahead ? FirstIsOlder ? " (older)" : " (newer)" : "")} and {OnConflict[1]} after {Delays[1]} ms";

    private static ConflictPolicy Policy(Random random) =>
        random.Next(8) switch { < 5 => ConflictPolicy.Wait, < 7 => ConflictPolicy.Supersede, _ => ConflictPolicy.Fail };

    // At once, within a call or two, or anywhere in the other's release.
    private static int Delay(Random random) => random.Next(4) switch { 0 or 1 => 0, 2 => random.Next(60), _ => random.Next(1500) };
}
