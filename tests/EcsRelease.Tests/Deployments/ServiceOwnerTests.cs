using System.Text.Json.Nodes;
using EcsRelease.Deployments;

namespace EcsRelease.Tests.Deployments;

public sealed class ServiceOwnerTests
{
    [TestCase("aws:cloudformation:stack-name=shop", "CloudFormation stack 'shop'")]
    [TestCase("aws:cloudformation:stack-name=shop;ManagedBy=CDK", "CDK (shop)")]
    [TestCase("aws:cloudformation:stack-name=shop;aws-cdk:id=1", "CDK (shop)")]
    [TestCase("aws:cloudformation:stack-name=shop;managed_by=SAM", "SAM (shop)")]
    [TestCase("aws:cloudformation:stack-name=shop-test;copilot-application=shop;copilot-environment=test;copilot-service=orders", "Copilot (shop/test/orders)")]
    [TestCase("elasticbeanstalk:environment-name=orders-prod;aws:cloudformation:stack-name=awseb-e-1", "Elastic Beanstalk (orders-prod)")]
    [TestCase("terraform=true", "Terraform")]
    [TestCase("Terraform=True", "Terraform")]
    [TestCase("terraform:workspace=production", "Terraform")]
    [TestCase("TerraformManaged=yes", "Terraform")]
    [TestCase("managed-by=terraform", "Terraform")]
    [TestCase("ManagedBy=Terragrunt", "Terraform")]
    [TestCase("managed_by=OpenTofu", "OpenTofu")]
    [TestCase("Provisioner=Terraform Cloud", "Terraform")]
    [TestCase("pulumi:stack=production;pulumi:project=shop", "Pulumi (production)")]
    [TestCase("managed.by=pulumi", "Pulumi")]
    [TestCase("crossplane-kind=service.ecs.aws.upbound.io;crossplane-name=orders", "Crossplane (orders)")]
    [TestCase("services.k8s.aws/namespace=shop", "AWS Controllers for Kubernetes (shop)")]
    [TestCase("managed-by=platform-team", "platform-team")]
    [TestCase("terraform=false", null)]
    [TestCase("managed-by=", null)]
    [TestCase("managed-by=ecs-release", null)]
    [TestCase("team=terraformers", null)]
    [TestCase("Name=orders;aws:ecs:clusterName=production", null)]
    [TestCase("", null)]
    public void The_owner_is_named_by_the_tags_of_the_service(string tags, string? expected) => (Of(tags)?.Text).Should().Be(expected);

    [TestCase("aws:cloudformation:stack-name=shop", "aws cloudformation deploy --stack-name shop --template-file TEMPLATE --parameter-overrides Image=host/orders:1")]
    [TestCase("aws:cloudformation:stack-name=shop;managed-by=sam", "sam deploy --stack-name shop --parameter-overrides Image=host/orders:1")]
    [TestCase("aws:cloudformation:stack-name=shop;managed-by=aws-cdk", "cdk deploy shop --context image=host/orders:1")]
    [TestCase("copilot-application=shop", "set image.location in copilot/orders/manifest.yml to host/orders:1, then: copilot svc deploy --name orders")]
    [TestCase("managed-by=Terraform", "terraform apply -var image=host/orders:1")]
    [TestCase("managed-by=opentofu", "tofu apply -var image=host/orders:1")]
    [TestCase("pulumi:stack=production", "pulumi config set image host/orders:1 --stack production && pulumi up")]
    [TestCase("managed-by=Ansible", null)]
    public void An_owner_takes_the_image_by_its_own_command(string tags, string? expected) =>
        Of(tags)!.Recipe(isImage: true, "host/orders:1", "orders").Should().Be(expected);

    [TestCase("aws:cloudformation:stack-name=shop", "TaskDefinition=arn:7")]
    [TestCase("managed-by=Terraform", "terraform apply -var task_definition=arn:7")]
    public void Or_the_revision(string tags, string expected) => Of(tags)!.Recipe(isImage: false, "arn:7", "orders").Should().EndWith(expected);

    private static ServiceOwner? Of(string tags) => ServiceOwner.Of(new JsonObject
    {
        ["tags"] = new JsonArray([.. tags.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(tag => tag.Split('=', 2))
            .Select(pair => new JsonObject { ["key"] = pair[0], ["value"] = pair[1] })]),
    });
}
