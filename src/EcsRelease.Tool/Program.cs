using EcsRelease.Tool.Commands;

return await EcsReleaseCommand.RunAsync(args, new System.CommandLine.InvocationConfiguration(), CancellationToken.None);
