namespace EcsRelease.Tests.Gates;

public sealed class ShellWordsTests
{
    [TestCase("migrate", "migrate")]
    [TestCase("  dotnet   Orders.dll\tmigrate ", "dotnet", "Orders.dll", "migrate")]
    [TestCase("sh -c 'echo one; exit 3'", "sh", "-c", "echo one; exit 3")]
    [TestCase("""a "b c"d''""", "a", "b cd")]
    [TestCase("""'' "" """, "", "")]
    [TestCase("""a\ b \"c\' """, "a b", "\"c'")]
    [TestCase("""'it'\''s'""", "it's")]
    [TestCase("""'\n $HOME *'""", """\n $HOME *""")]
    [TestCase(""" "\$HOME \n \\ \" x" """, """$HOME \n \ " x""")]
    [TestCase("$HOME *.dll", "$HOME", "*.dll")]
    public void A_command_line_is_split_as_a_shell_splits_it(string line, params string[] words) =>
        ShellWords.Split(line).Should().Equal(words);

    [TestCase("echo 'one", "'")]
    [TestCase("echo \"one", "\"")]
    public void A_quote_that_is_not_closed_is_told(string line, string quote)
    {
        var split = () => ShellWords.Split(line);

        split.Should().Throw<FormatException>().WithMessage($"the quote {quote} is not closed");
    }

    [Test]
    public void A_backslash_at_the_end_is_told()
    {
        var split = () => ShellWords.Split("echo one\\");

        split.Should().Throw<FormatException>().WithMessage("it ends with a backslash");
    }
}
