using System.Collections;
using EcsRelease.LocalAws.Commands;

// Names of variables are the same in either case on Windows only.
var variables = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
    variables[(string)variable.Key] = (string?)variable.Value ?? "";
return await new CommandLine(Console.Out, Console.Error, variables, TimeProvider.System).RunAsync(args, CancellationToken.None);
