using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace EcsRelease.Testing;

/// <summary>A test of the long run, with ECS_RELEASE_LONG=1, which `.ci/run` sets: what it shows is shown in part by
/// shorter ones. Elsewhere it is skipped and counted, so that `dotnet test` takes minutes on two cores.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class LongAttribute : NUnitAttribute, IApplyToTest
{
    public void ApplyToTest(Test test)
    {
        test.Properties.Add(PropertyNames.Category, "Long");
        if (Environment.GetEnvironmentVariable("ECS_RELEASE_LONG") == "1" || test.RunState == RunState.NotRunnable)
            return;
        test.RunState = RunState.Ignored;
        test.Properties.Set(PropertyNames.SkipReason, "long: runs with ECS_RELEASE_LONG=1");
    }
}
