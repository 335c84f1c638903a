using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EcsRelease.LocalAws.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace EcsRelease.LocalAws.Sts;

/// <summary>GetCallerIdentity and AssumeRole by the query protocol, answers in XML (STS API Reference, 2011-06-15).</summary>
public sealed partial class StsEndpoint(Credentials credentials, SigV4Verifier verifier, FaultSwitches faults, CallLog calls, IdleClock idle, LocalAwsSettings settings)
{
    private static readonly string[] s_offered = ["GetCallerIdentity", "AssumeRole"];

    private static readonly XNamespace Namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

    public async Task HandleAsync(HttpContext context, byte[] body, string rawTarget, string requestId)
    {
        XElement answer;
        try
        {
            var form = new Dictionary<string, StringValues>(QueryHelpers.ParseQuery(context.Request.QueryString.Value), StringComparer.Ordinal);
            foreach (var (name, value) in QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body)))
                form[name] = value;
            string Value(string name) => form.GetValueOrDefault(name).ToString();

            var action = Value("Action");
            if (action.Length == 0)
                throw new AwsException("MissingAction", "Could not find operation. Send X-Amz-Target (JSON 1.1) or Action (query).");
            // Actions of IAM, ELBv2 and others come here as well, signed for a service that is not offered.
            if (!s_offered.Contains(action))
                throw new AwsException("InvalidAction", $"Could not find operation {action} for version {Value("Version")}");
            var key = verifier.Verify(context.Request, body, rawTarget, "sts");
            using var use = idle.Begin();
            var caller = new AwsCaller(settings.Account, settings.Region, key.Arn);
            calls.Add("sts", action);
            var fault = faults.Take("sts", action, passesTags: false);
            await faults.BeforeAsync(fault, action, context, found => FaultSwitches.Error(found, action, [], caller));
            var result = action switch
            {
                "GetCallerIdentity" => [Element("Arn", key.Arn), Element("UserId", key.UserId), Element("Account", settings.Account)],
                _ => AssumeRole(Value("RoleArn"), Value("RoleSessionName"), Value("DurationSeconds")),
            };
            if (!await faults.AnswersAsync(fault, action, context))
                return;

            answer = new XElement(Namespace + $"{action}Response", new XElement(Namespace + $"{action}Result", result), Metadata(requestId));
        }
        catch (AwsException e)
        {
            var (code, status) = QueryName(e);
            context.Response.StatusCode = status;
            answer = new XElement(
                Namespace + "ErrorResponse",
                new XElement(Namespace + "Error", Element("Type", status >= 500 ? "Receiver" : "Sender"), Element("Code", code), Element("Message", e.Message)),
                Element("RequestId", requestId));
        }

        context.Response.ContentType = "text/xml";
        await context.Response.WriteAsync(answer.ToString(SaveOptions.DisableFormatting), context.RequestAborted);
    }

    private object[] AssumeRole(string roleArn, string session, string duration)
    {
        var role = RoleArn().Match(roleArn);
        if (!role.Success)
            throw new AwsException("ValidationError", $"{roleArn} is invalid");
        if (!SessionName().IsMatch(session))
            throw new AwsException("ValidationError", $"1 validation error detected: Value '{session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*");
        var seconds = 3600;
        if (duration.Length > 0 && (!int.TryParse(duration, CultureInfo.InvariantCulture, out seconds) || seconds is < 900 or > 43200))
            throw new AwsException("ValidationError", $"1 validation error detected: Value '{duration}' at 'durationSeconds' failed to satisfy constraint: Member must have a value between 900 and 43200");
        var name = role.Groups["path"].Value.Split('/')[^1];
        var arn = $"arn:aws:sts::{role.Groups["account"].Value}:assumed-role/{name}/{session}";
        var roleId = $"AROA{Credentials.Identifier(17)}:{session}";
        var key = credentials.Issue(arn, roleId, TimeSpan.FromSeconds(seconds));
        return
        [
            new XElement(
                Namespace + "Credentials",
                Element("AccessKeyId", key.AccessKeyId),
                Element("SecretAccessKey", key.SecretAccessKey),
                Element("SessionToken", key.SessionToken!),
                Element("Expiration", key.Expiration!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))),
            new XElement(Namespace + "AssumedRoleUser", Element("AssumedRoleId", roleId), Element("Arn", arn)),
        ];
    }

    /// <summary>The query services name the common errors without "Exception", and answer them with 403.</summary>
    private static (string Code, int Status) QueryName(AwsException e) => e.Type switch
    {
        "MissingAuthenticationTokenException" => ("MissingAuthenticationToken", 403),
        "UnrecognizedClientException" => ("InvalidClientTokenId", 403),
        "ExpiredTokenException" => ("ExpiredToken", 403),
        "InvalidSignatureException" => ("SignatureDoesNotMatch", 403),
        "IncompleteSignatureException" => ("IncompleteSignature", 400),
        "AccessDeniedException" => ("AccessDenied", 403),
        "ThrottlingException" => ("Throttling", 400),
        "ServerException" => ("ServiceUnavailable", 503),
        _ => (e.Type, e.Status),
    };

    private static XElement Metadata(string requestId) => new(Namespace + "ResponseMetadata", Element("RequestId", requestId));

    private static XElement Element(string name, string value) => new(Namespace + name, value);

    [GeneratedRegex(@"^arn:aws[a-z-]*:iam::(?<account>[0-9]{12}):role/(?<path>[\w+=,.@/-]+)\z")]
    private static partial Regex RoleArn();

    [GeneratedRegex(@"^[\w+=,.@-]{2,64}\z")]
    private static partial Regex SessionName();
}
