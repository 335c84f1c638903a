using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>What a gate is about: a revision that was registered for a plan.</summary>
internal sealed record GatedRelease(ReleasePlan Plan, DesiredRevision Desired, RegisteredRevision Revision);
