namespace Vigie.Watches.Logs.Reading;

/// <summary>One content that was found in a path: the file itself, what its compression holds, or a member of an archive.</summary>
/// <param name="Name">What a person calls it: the path, and for a member <c>path!/member</c>.</param>
/// <param name="FileName">Its name without folder and compression endings, as formats look at it.</param>
/// <param name="Bytes">The content, unpacked, in UTF-8 where it is text; from its beginning.</param>
/// <param name="LastWrite">When it was last written, for time stamps without a year.</param>
internal sealed record LogContent(string Name, string FileName, Stream Bytes, DateTimeOffset LastWrite) : IDisposable
{
    public void Dispose() => Bytes.Dispose();
}
