using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Operations.Logging;

namespace Vigie.Tests.Operations.Logging;

public sealed class LineFormatterTests
{
    private static string Format(string message, bool underSystemd, LogLevel level = LogLevel.Information, Exception? exception = null)
    {
        using var writer = new StringWriter();
        var entry = new LogEntry<string>(level, "Vigie.Watches.Mail.Judge", new EventId(2501), message, exception, (state, _) => state);
        new LineFormatter(new StoppedClock(DateTimeOffset.UnixEpoch), underSystemd).Write(entry, null, writer);
        return writer.ToString();
    }

    [Fact]
    public void Says_when_how_bad_who_and_what() =>
        Assert.Equal("1970-01-01T00:00:00.000Z warn  Judge[2501] held\n", Format("held", underSystemd: false, LogLevel.Warning));

    [Theory]
    [InlineData(LogLevel.Critical, "<2>")]
    [InlineData(LogLevel.Error, "<3>")]
    [InlineData(LogLevel.Warning, "<4>")]
    [InlineData(LogLevel.Information, "<6>")]
    [InlineData(LogLevel.Debug, "<7>")]
    public void Under_systemd_the_priority_comes_first(LogLevel level, string prefix) =>
        Assert.Equal(prefix + "Judge[2501] held\n", Format("held", underSystemd: true, level));

    [Fact]
    public void What_a_stranger_sends_can_neither_forge_a_line_nor_speak_to_the_terminal() =>
        Assert.Equal(
            "<6>Judge[2501] to a\\n<2>b \\u001b[2J\\u202e\\u0085 end\n",
            Format("to a\n<2>b \u001b[2J\u202e\u0085 end", underSystemd: true));

    [Fact]
    public void An_exception_stays_on_its_line() =>
        Assert.Equal(1, Format("broke", underSystemd: false, LogLevel.Error, new InvalidOperationException("a\nb", new IOException("c"))).Count(c => c == '\n'));

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
