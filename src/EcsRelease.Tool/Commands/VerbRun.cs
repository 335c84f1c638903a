using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.Tool.Rendering;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>What a verb came to: a document for machines, a text for people, an exit code.</summary>
internal interface IVerbResult
{
    int ExitCode { get; }

    /// <summary>What lies behind an unexpected outcome; shown with --verbose.</summary>
    Exception? Fault => null;

    /// <summary>Empty where all documents were printed while the verb ran.</summary>
    string ToJson();

    /// <param name="results">Standard output.</param>
    /// <param name="failures">Standard error.</param>
    void Print(IAnsiConsole results, IAnsiConsole failures);
}

/// <summary>A verb at work.</summary>
internal sealed class VerbContext(StepReporter reporter, IConfirmation confirmation, bool isVerbose)
{
    public StepReporter Reporter { get; } = reporter;

    /// <summary>Asks on standard error, whatever standard output is.</summary>
    public IConfirmation Confirmation { get; } = confirmation;

    public bool IsVerbose { get; } = isVerbose;

    /// <summary>Options and service once they are read; a failure before has neither.</summary>
    public (ReleaseOptions Options, string Service)? Meant { get; set; }

    /// <summary>What to say when Ctrl-C ends the verb; null = nothing, since it is how one ends it.</summary>
    public Func<string?> OnCancel { get; set; } = () => "Nothing was changed.";

    /// <summary>With --json each line of its output is a document: also that of its failure.</summary>
    public bool IsLineJson { get; set; }

    /// <summary>Exit code of a verb whose exit codes are another program's, when it fails itself; null = the outcome's.</summary>
    public int? FailureExitCode { get; set; }
}

/// <summary>Runs a verb: renders its progress, prints its result, turns exceptions into coded reports and exit codes.</summary>
internal static class VerbRun
{
    private static readonly JsonSerializerOptions LineJson = new(ReleaseRecord.Json) { WriteIndented = false };

    /// <param name="ownsTerminal">The verb draws by itself: progress comes in plain lines.</param>
    public static async Task<int> RunAsync(
        ParseResult parsed, OutputOptions output, Func<VerbContext, CancellationToken, Task<IVerbResult>> verb, CancellationToken cancellationToken, bool ownsTerminal = false)
    {
        var results = Consoles.Create(parsed.InvocationConfiguration.Output);
        var failures = Consoles.Create(parsed.InvocationConfiguration.Error);
        var reporter = ownsTerminal ? new PlainReporter(failures, TimeProvider.System) : StepReporter.Create(failures, TimeProvider.System);
        var context = new VerbContext(reporter, new TerminalConfirmation(failures, reporter), output.IsVerbose(parsed));
        IVerbResult result;
        try
        {
            await using (reporter.ConfigureAwait(false))
                result = await verb(context, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (context.OnCancel() is { } remark && Errors.CancelledByUser(remark) is var cancelled)
                failures.WriteLine($"{cancelled.Code}: {cancelled.Message}");
            return ReleaseOutcome.Cancelled.ExitCode();
        }
        catch (EcsReleaseException error)
        {
            result = new Failure(error, context.Meant);
        }
        // Whatever else is thrown is a fault of this program; it still ends with a code and a report.
#pragma warning disable CA1031
        catch (Exception error)
#pragma warning restore CA1031
        {
            result = new Failure(Errors.UnexpectedFailure(error), context.Meant);
        }
        if (context.IsVerbose && result.Fault is { } fault)
            failures.WriteLine(fault.ToString());
        if (output.IsJson(parsed) && result.ToJson() is { Length: > 0 } document)
            await parsed.InvocationConfiguration.Output.WriteLineAsync(context.IsLineJson ? Compact(document) : document).ConfigureAwait(false);
        result.Print(output.IsJson(parsed) ? failures : results, failures);
        return result is Failure && context.FailureExitCode is { } code ? code : result.ExitCode;
    }

    private static string Compact(string document) => JsonSerializer.Serialize(JsonNode.Parse(document), LineJson);
}
