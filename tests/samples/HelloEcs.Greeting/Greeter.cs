namespace HelloEcs.Greeting;

public static class Greeter
{
    public static string Greet(string? greeting) => $"{(string.IsNullOrWhiteSpace(greeting) ? "Hello" : greeting)}, world";
}
