using static EcsRelease.ReleaseOutcome;

namespace EcsRelease;

// 4xxx: AWS access
public static partial class Errors
{
    public static EcsReleaseException NoCredentials(string why) => new("ECSR4001", Refused,
        $"No AWS credentials were found: {why}. Sign in (aws sso login), set EcsProfile, or try without an account: EcsTarget=local");

    public static EcsReleaseException CredentialsRefused(string code, string message) => new("ECSR4002", Refused,
        $"AWS refuses the credentials: {code}: {message}. Sign in again (aws sso login), or renew the keys.");

    public static EcsReleaseException AccessDenied(string action, string resource, string message) => new("ECSR4003", AwsFailed,
        $"{action} on '{resource}' is denied: {message}. Allow it: {{\"Effect\":\"Allow\",\"Action\":\"{action}\",\"Resource\":\"{(resource.StartsWith("arn:", StringComparison.Ordinal) ? resource : "*")}\"}}");

    public static EcsReleaseException WrongAccount(string wanted, string found, string caller) => new("ECSR4004", Refused,
        $"EcsAccount is '{wanted}' but the credentials belong to '{found}' ({caller}). Switch the profile: EcsProfile.");

    public static EcsReleaseException NoRegion() => new("ECSR4005", Refused,
        "No AWS region is set. Set EcsRegion, or run: aws configure set region REGION");

    public static EcsReleaseException ClusterMissing(string cluster, string account, string region) => new("ECSR4006", Refused,
        $"Cluster '{cluster}' does not exist in {account}/{region}. Check EcsCluster and EcsRegion, or run: aws ecs create-cluster --cluster-name {ShellWord.Of(cluster.Split('/')[^1])} --region {region}");

    public static EcsReleaseException RepositoryMissing(string repository, string account, string region, bool isOwn) => new("ECSR4007", Refused,
        $"Repository '{repository}' does not exist in {account}/{region}. {(isOwn ? "Set EcrCreateRepository=true, or run" : "It is created in the account and region of the release only; with credentials of its own run")}: aws ecr create-repository --repository-name {ShellWord.Of(repository)} --image-tag-mutability IMMUTABLE --image-scanning-configuration scanOnPush=true --region {region}");

    public static EcsReleaseException EndpointUnreachable(string endpoint, string why, Exception? cause = null) => new("ECSR4008", AwsFailed,
        $"'{endpoint}' is out of reach: {why}. Check the network, EcsRegion and AWS_ENDPOINT_URL.", cause);

    public static EcsReleaseException AwsRefused(string operation, string resource, string code, string message, string? requestId, Exception? cause = null) => new("ECSR4009", AwsFailed,
        $"{operation} for '{resource}' was refused: {code}: {message} (request {requestId ?? "unknown"}).", cause);

    public static EcsReleaseException ServiceMissing(string service, string cluster) => new("ECSR4010", Refused,
        $"Service '{service}' does not exist in cluster '{cluster}'. Check EcsService and EcsCluster, or let it be created: EcsCreateService=true with EcsExecutionRole and EcsSubnets.");

    public static Notice TagsDenied(string resource) => new("ECSR4011",
        $"ecs:TagResource is denied, so the revision has no tags. Allow it: {{\"Effect\":\"Allow\",\"Action\":\"ecs:TagResource\",\"Resource\":\"{resource}\",\"Condition\":{{\"StringEquals\":{{\"ecs:CreateAction\":\"RegisterTaskDefinition\"}}}}}}");

    public static EcsReleaseException LogGroupMissing(string group, string region) => new("ECSR4012", Refused,
        $"Log group '{group}' does not exist. Run: aws logs create-log-group --log-group-name {ShellWord.Of(group)} --region {region}");

    public static EcsReleaseException ProfileKindNotOffered(string profile, string kind) => new("ECSR4013", Refused,
        $"Profile '{profile}' gets its credentials by '{kind}', which is not supported. Supported: keys, assumed roles, SSO, web identity, process, container and instance roles.");

    public static EcsReleaseException CreateServiceLacks(string option, string service) => new("ECSR4014", Refused,
        $"Service '{service}' cannot be created without {option}. Set it.");

    public static EcsReleaseException EndpointInvalid(string source, string value, string why) => new("ECSR4015", Refused,
        $"{source} is '{value}', which cannot be used: {why}. Correct or unset it.");

    public static EcsReleaseException RegionInvalid(string region) => new("ECSR4016", Refused,
        $"'{region}' is not the name of an AWS region. Set EcsRegion to one like 'eu-central-1', see: aws ec2 describe-regions --all-regions");

    public static EcsReleaseException ProfileMissing(string profile, string option, string known) => new("ECSR4017", Refused,
        $"{option} is '{profile}', but there is no such AWS profile. {known} Run: aws configure list-profiles");

    public static Notice LogGroupUnchecked(string group) => new("ECSR4018",
        $"Whether log group '{group}' exists could not be checked (logs:DescribeLogGroups is denied). Tasks do not start without it.");
}
