namespace EcsRelease.Aws;

/// <summary>IAM answers in one region of each partition, which also signs (botocore: iam/endpoint-rule-set-1.json).</summary>
internal static class IamEndpoint
{
    public static string RegionOf(string partition, string region) => partition switch
    {
        "aws" => "us-east-1",
        "aws-cn" => "cn-north-1",
        "aws-us-gov" => "us-gov-west-1",
        "aws-iso" => "us-iso-east-1",
        "aws-iso-b" => "us-isob-east-1",
        "aws-iso-e" => "eu-isoe-west-1",
        "aws-iso-f" => "us-isof-south-1",
        "aws-eusc" => "eusc-de-east-1",
        _ => region,
    };

    /// <param name="suffix">The partition's DNS suffix, of dualstack where that is wanted.</param>
    public static string HostOf(string partition, string region, string suffix, bool useFips, bool useDualstack)
    {
        var iam = useFips && partition is not ("aws-us-gov" or "aws-cn") ? "iam-fips" : "iam";
        var place = partition switch
        {
            "aws" or "aws-cn" when useDualstack => "global.",
            "aws" => "",
            "aws-us-gov" => "us-gov.",
            _ => RegionOf(partition, region) + ".",
        };
        return $"{iam}.{place}{suffix}";
    }
}
