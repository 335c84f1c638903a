using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.Tests.Aws.Botocore;

public class ServiceModelTests
{
    private static readonly ServiceModel _model = new(JsonDocument.Parse("""
        {
          "operations": { "Order": { "input": { "shape": "OrderRequest" } }, "Ping": {} },
          "shapes": {
            "OrderRequest": { "type": "structure", "required": ["name"], "members": {
              "name": { "shape": "Name" }, "size": { "shape": "Size" }, "count": { "shape": "Count" }, "at": { "shape": "Time" }, "gift": { "shape": "Flag" },
              "lines": { "shape": "Lines" }, "notes": { "shape": "Notes" }, "more": { "shape": "Anything" } } },
            "Name": { "type": "string", "min": 2, "max": 5, "pattern": "[a-z]+" },
            "Size": { "type": "string", "enum": ["S", "L"] },
            "Count": { "type": "integer", "min": 1, "max": 9 },
            "Time": { "type": "timestamp" },
            "Flag": { "type": "boolean" },
            "Lines": { "type": "list", "member": { "shape": "Line" }, "max": 2 },
            "Line": { "type": "structure", "required": ["item"], "members": { "item": { "shape": "Name" } } },
            "Notes": { "type": "map", "key": { "shape": "Size" }, "value": { "shape": "Name" } },
            "Anything": { "type": "structure", "members": {}, "document": true }
          }
        }
        """).RootElement, NewerMembers.None);

    [TestCase("""{"name":"ab","size":"L","count":9,"at":1.5,"gift":true,"lines":[{"item":"abc"}],"notes":{"S":"ab"},"more":{"x":[1]}}""")]
    [TestCase("""{"name":"ab","count":null}""", Description = "null is absent in JSON 1.1")]
    public void A_request_as_the_model_describes_it_has_no_problem(string request) => Problems(request).Should().BeEmpty();

    [TestCase("""{}""", "Order lacks 'name'")]
    [TestCase("""{"name":"ab","nam":1}""", "Order has the unknown member 'nam'")]
    [TestCase("""{"name":7}""", "Order.name is 7, not a string")]
    [TestCase("""{"name":"a"}""", "Order.name has 1 characters, less than 2")]
    [TestCase("""{"name":"abcdef"}""", "Order.name has 6 characters, more than 5")]
    [TestCase("""{"name":"AB"}""", "Order.name is 'AB', which does not match [a-z]+")]
    [TestCase("""{"name":"ab","size":"M"}""", "Order.size is 'M', not one of S, L")]
    [TestCase("""{"name":"ab","count":1.5}""", "Order.count is 1.5, not a integer")]
    [TestCase("""{"name":"ab","count":"1"}""", """Order.count is "1", not a integer""")]
    [TestCase("""{"name":"ab","count":10}""", "Order.count is 10, more than 9")]
    [TestCase("""{"name":"ab","gift":"true"}""", """Order.gift is "true", not a boolean""")]
    [TestCase("""{"name":"ab","lines":{}}""", "Order.lines is {}, not a list")]
    [TestCase("""{"name":"ab","lines":[{"item":"ab"},{}]}""", "Order.lines[1] lacks 'item'")]
    [TestCase("""{"name":"ab","lines":[null]}""", "Order.lines[0] is null")]
    [TestCase("""{"name":"ab","lines":[{"item":"ab"},{"item":"ab"},{"item":"ab"}]}""", "Order.lines has 3 items, more than 2")]
    [TestCase("""{"name":"ab","notes":{"M":"ab"}}""", "Order.notes key is 'M', not one of S, L")]
    [TestCase("""{"name":"ab","notes":{"S":"AB"}}""", "Order.notes.S is 'AB', which does not match [a-z]+")]
    public void A_problem_names_the_place_and_what_the_model_wants(string request, string problem) => Problems(request).Should().Equal(problem);

    [Test]
    public void An_operation_without_input_takes_no_members()
    {
        _model.Problems("Ping", []).Should().BeEmpty();
        _model.Problems("Ping", new() { ["name"] = "ab" }).Should().Equal("Ping takes no members");
    }

    private static IReadOnlyList<string> Problems(string request) => _model.Problems("Order", (JsonObject)JsonNode.Parse(request)!);
}
