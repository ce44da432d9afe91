using Vigie.Incidents.Case;

namespace Vigie.Tests.Incidents.Case;

public sealed class ProcessNamesTests
{
    private const string Process = "{0d5c1f3a-7b1e-4c55-9f7d-3a5e9d2c1b00}";

    [Theory]
    [InlineData("""{"ProcessGuid":"{0D5C1F3A-7B1E-4C55-9F7D-3A5E9D2C1B00}","ProcessId":4312,"Image":"C:\\Windows\\System32\\cmd.exe","ParentImage":"C:\\Windows\\explorer.exe"}""", "cmd.exe (4312)")]
    [InlineData("""{"ParentProcessGuid":"{0d5c1f3a-7b1e-4c55-9f7d-3a5e9d2c1b00}","ParentProcessId":"7","ParentImage":"C:\\Windows\\explorer.exe","Image":"C:\\cmd.exe"}""", "explorer.exe (7)")]
    [InlineData("""{"winlog":{"event_data":{"SourceProcessGUID":"{0d5c1f3a-7b1e-4c55-9f7d-3a5e9d2c1b00}","SourceImage":"C:\\a b.exe"}}}""", "a b.exe")]
    [InlineData("""{"process":{"entity_id":"{0d5c1f3a-7b1e-4c55-9f7d-3a5e9d2c1b00}","executable":"/usr/bin/curl","pid":9,"parent":{"entity_id":"x","executable":"/bin/sh"}}}""", "curl (9)")]
    [InlineData("""<Event><EventData><Data Name='ProcessGuid'>{0D5C1F3A-7B1E-4C55-9F7D-3A5E9D2C1B00}</Data><Data Name='ProcessId'>12</Data><Data Name='Image'>C:\R&amp;D\x.exe</Data></EventData></Event>""", "x.exe (12)")]
    public void A_process_is_called_by_its_program_and_number(string copy, string name) => Assert.Equal(name, ProcessNames.Of(Process, [null, "no event", copy]));

    [Theory]
    [InlineData("")]
    [InlineData("""{"ProcessGuid":"{0d5c1f3a-7b1e-4c55-9f7d-3a5e9d2c1b00}"}""")]
    [InlineData("""{"ProcessGuid":"{0d5c1f3a-7b1e-4c55-9f7d-3a5e9d2c1b00}","Image":"C:\\Windows\\"}""")]
    [InlineData("""{"ProcessGuid":"{0d5c1f3a-7b1e-4c55-9f7d-3a5e9d2c1b00}","Image":"C:\\cmd.exe" … (cut)""")]
    [InlineData("""{"ProcessGuid":"{00000000-7b1e-4c55-9f7d-3a5e9d2c1b00}","Image":"C:\\cmd.exe","LogonGuid":"{0d5c1f3a-7b1e-4c55-9f7d-3a5e9d2c1b00}"}""")]
    public void Where_no_event_says_it_there_is_no_name(string copy) => Assert.Null(ProcessNames.Of(Process, [copy]));
}
