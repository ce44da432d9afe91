using Vigie.Operations;

namespace Vigie.Watches.Mail.Sample;

/// <summary>
/// Sends the story of <c>samples/mail</c> once: what was sent is noted in the data folder, so that starting again
/// sends only messages that are new.
/// </summary>
internal sealed class SampleStory(string dataDirectory, TimeProvider time)
{
    /// <summary>The settings of a node that plays the story: where they name no domain, it is the agency's.</summary>
    public static Settings Join(Settings settings) =>
        settings.Protection.OwnDomains.Count > 0
            ? settings
            : settings with
            {
                Protection = settings.Protection with
                {
                    OwnDomains = [SampleMessage.OwnDomain],
                    Partners = [.. settings.Protection.Partners, SampleMessage.Partner],
                },
            };

    private string NoteFile => Path.Combine(dataDirectory, "sample-sent.txt");

    /// <summary>Sends what was not sent yet.</summary>
    /// <param name="milterAddress">The milter, as Postfix writes its address.</param>
    /// <param name="folder">Folder of the messages.</param>
    /// <param name="cancellationToken">Ends between two messages; what was sent stays noted.</param>
    public async Task<IReadOnlyList<SampleOutcome>> SendAsync(string milterAddress, string folder, CancellationToken cancellationToken)
    {
        var sent = File.Exists(NoteFile) ? (await File.ReadAllLinesAsync(NoteFile, cancellationToken)).ToHashSet(StringComparer.Ordinal) : [];
        List<SampleOutcome> outcomes = [];
        foreach (var (number, message) in SampleMessage.ReadAll(folder, time.GetUtcNow()).Index())
        {
            if (sent.Contains(message.Name)) continue;
            outcomes.Add(await SampleSender.SendAsync(milterAddress, message, number + 1, cancellationToken));
            await File.AppendAllTextAsync(NoteFile, message.Name + "\n", cancellationToken);
        }

        return outcomes;
    }
}
