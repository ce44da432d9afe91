using Vigie.Operations;

namespace Vigie.Tests.Operations;

public sealed class SettingsTests
{
    private const string Good = """
        dataDirectory: /var/lib/vigie
        store:
          maxSize: 20GB
          keep: {findings: 400d}
        protection:
          ownDomains: [example.org]
          partners: ["partner.example"]
        mail:
          onFailure: tempfail
          milter:
            tcp: 127.0.0.1:8892
        console:
          listen: 127.0.0.1:8893
        """;

    [Fact]
    public void An_empty_file_is_a_working_node()
    {
        Settings.Parse("", "/tmp/vigie", out var problems);

        Assert.Empty(problems);
    }

    [Fact]
    public void A_good_file_has_no_problem()
    {
        Settings.Parse(Good, null, out var problems);

        Assert.Empty(problems);
    }

    [Fact]
    public void An_unknown_key_is_named_with_its_line()
    {
        Settings.Parse("mail:\n  onFailure: accept\n  onFailur: accept\n", "/tmp/vigie", out var problems);

        var problem = Assert.Single(problems);
        Assert.Equal((3, "mail.onFailur"), (problem.Line, problem.Key));
    }

    [Fact]
    public void A_bad_value_is_named_with_its_line_and_what_it_may_be()
    {
        Settings.Parse("console:\n  listen: nowhere\nmail:\n  onFailure: maybe\n", "/tmp/vigie", out var problems);

        Assert.Equal([(2L, "console.listen"), (4L, "mail.onFailure")], problems.Select(p => (p.Line, p.Key)));
        Assert.Contains("tempfail", problems[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_is_refused_so_that_a_small_file_stays_small()
    {
        Settings.Parse("a: &a [x, x]\nb: [*a, *a]\n", "/tmp/vigie", out var problems);

        Assert.Contains("aliases", Assert.Single(problems).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        Settings.Parse("a: " + new string('[', 5000), "/tmp/vigie", out var problems);

        Assert.NotEmpty(problems);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20261121)]
    public void Whatever_the_file_holds_it_is_read_or_its_problems_are_named(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var text = Mutated(random);
            try
            {
                Settings.Parse(text, "/tmp/vigie", out _);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, round {round}: {e.GetType().Name}: {e.Message}\n{text}");
            }
        }
    }

    private static string Mutated(Random random)
    {
        const string alphabet = "{}[]:,-#&*!|>'\"%@`?~ \t\n\r\0\u0085\u2028\uFEFFé0a\\";
        var text = Good.ToList();
        for (var edits = random.Next(1, 12); edits > 0; edits--)
        {
            var at = random.Next(text.Count);
            switch (random.Next(4))
            {
                case 0: text.RemoveAt(at); break;
                case 1: text.Insert(at, alphabet[random.Next(alphabet.Length)]); break;
                case 2: text[at] = alphabet[random.Next(alphabet.Length)]; break;
                default: text.InsertRange(at, Good.AsSpan(0, random.Next(Good.Length)).ToArray()); break;
            }
        }

        return new string([.. text]);
    }
}
