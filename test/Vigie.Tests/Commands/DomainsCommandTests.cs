using System.Text.Json;
using Vigie.Commands;
using Vigie.Tests.Watches.Domains.Dns;
using Vigie.Watches.Domains.Dns;

namespace Vigie.Tests.Commands;

public sealed class DomainsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Check_prints_the_registered_lookalikes()
    {
        await using var server = new LoopbackDnsServer(new TestZone().Register("army.ml", "mx.army.ml"));
        var (code, output, error) = await CommandLine.RunAsync("domains", "check", "army.mil", "--top", "40", "--server", server.EndPoint.ToString(), "--settings", Fast());
        Assert.Equal((ExitCodes.Found, "army.ml\tmx\tmx.army.ml\n"), (code, output));
        Assert.Contains("40 look-alikes: 1 registered, 0 unknown", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_says_nothing_where_none_is_registered()
    {
        await using var server = new LoopbackDnsServer();
        var (code, output, _) = await CommandLine.RunAsync("domains", "check", "army.mil", "--top", "20", "--server", server.EndPoint.ToString(), "--settings", Fast());
        Assert.Equal((ExitCodes.Ok, ""), (code, output));
    }

    [Fact]
    public async Task Check_writes_everything_as_json()
    {
        await using var server = new LoopbackDnsServer(new TestZone().Register("army.ml", "."));
        var (_, output, _) = await CommandLine.RunAsync("domains", "check", "army.mil", "--top", "40", "--json", "--server", server.EndPoint.ToString(), "--settings", Fast());
        using var json = JsonDocument.Parse(output);
        var entry = json.RootElement.EnumerateArray().Single(e => e.GetProperty("domain").GetString() == "army.ml");
        Assert.Equal(("registered", "nullMx", "army.mil"), (entry.GetProperty("registration").GetString(), entry.GetProperty("mail").GetString(), entry.GetProperty("target").GetString()));
        Assert.Equal(40, json.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task Check_fails_where_no_resolver_answers()
    {
        await using var server = new LoopbackDnsServer(new TestZone());
        server.Respond = (query, _) => [new Reply((query with { IsResponse = true, Code = ResponseCode.Refused }).Encode())];
        var (code, output, error) = await CommandLine.RunAsync("domains", "check", "army.mil", "--server", server.EndPoint.ToString(), "--settings", Fast());
        Assert.Equal((ExitCodes.Failed, ""), (code, output));
        Assert.Contains("No DNS resolver answers", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("domains", "check")]
    [InlineData("domains", "check", "not a name")]
    [InlineData("domains", "check", "army.mil", "--server", "localhost")]
    [InlineData("domains", "check", "army.mil", "--top", "0")]
    [InlineData("domains", "feed")]
    public async Task A_mistake_on_the_command_line_is_told(params string[] arguments)
    {
        var (code, output, error) = await CommandLine.RunAsync([.. arguments, "--settings", _folder.Write("none.yaml", "protection: { packs: [] }\n")]);
        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task Feed_prints_the_imitations_of_a_list()
    {
        var file = _folder.Write("new.txt", "unrelated.org\narmy.ml\nbad name\nwww.army.mil\n");
        var (code, output, error) = await CommandLine.RunAsync("domains", "feed", file, "--protect", "army.mil");
        Assert.Equal(ExitCodes.Found, code);
        Assert.StartsWith("army.ml\tarmy.mil\t", output, StringComparison.Ordinal);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("4 lines, 3 names", error, StringComparison.Ordinal);
        Assert.Contains("1 malformed", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feed_reads_certificates_and_writes_json_lines()
    {
        var file = _folder.Write("ct.jsonl", """{"data":{"leaf_cert":{"all_domains":["*.army.ml","other.org"]}}}""" + "\n");
        var (code, output, _) = await CommandLine.RunAsync("domains", "feed", file, "--format", "ct", "--protect", "army.mil", "--json");
        Assert.Equal(ExitCodes.Found, code);
        using var json = JsonDocument.Parse(output);
        Assert.Equal("army.ml", json.RootElement.GetProperty("suspect").GetString());
    }

    [Fact]
    public async Task Feed_names_a_file_that_cannot_be_read()
    {
        var (code, _, error) = await CommandLine.RunAsync("domains", "feed", _folder.Combine("absent.txt"), "--protect", "army.mil");
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("absent.txt", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_of_a_new_store_is_empty()
    {
        var (code, output, _) = await CommandLine.RunAsync("domains", "status", "--data", _folder.Combine("data"));
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("No run has ended yet", output, StringComparison.Ordinal);
    }

    private string Fast() => _folder.Write("fast.yaml", "protection: { packs: [] }\ndomains: { dns: { queriesPerSecond: 5000, timeout: 10s, rounds: 1 } }\n");
}
