using EcsRelease.LocalAws.Commands;

return await new CommandLine(Console.Out, Console.Error, Environment.GetEnvironmentVariable, TimeProvider.System).RunAsync(args, CancellationToken.None);
