using EcsRelease.Tool.Commands;

// Longer than stopping a one-off task takes.
var invocation = new System.CommandLine.InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(10) };
return await EcsReleaseCommand.RunAsync(args, invocation, CancellationToken.None);
