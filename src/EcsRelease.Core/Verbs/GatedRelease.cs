using EcsRelease.Images.Ecr;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>What a gate is about: a revision that was registered for a plan, and its image.</summary>
internal sealed record GatedRelease(ReleasePlan Plan, DesiredRevision Desired, RegisteredRevision Revision, PushedImage Image);
