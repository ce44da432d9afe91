using Vigie.Engine.Mime;
using Vigie.Protection;

namespace Vigie.Watches.Mail.History;

/// <summary>Which way a message went.</summary>
internal enum Direction
{
    /// <summary>It has no two sides that can be told, or both are ours.</summary>
    None,

    /// <summary>To a domain that is not ours.</summary>
    Outgoing,

    /// <summary>From outside to one of ours.</summary>
    Incoming,
}

/// <summary>A past message, read: which mailbox of ours and which domain outside it joins.</summary>
internal readonly record struct PastContact(Direction Direction, RelationshipKey Key, Mailbox? Sender, Mailbox? Recipient);

/// <summary>Reads past messages as the live watch reads messages: the same keys, the same direction.</summary>
internal sealed class Correspondence(ProtectedNames names, MailSettings settings)
{
    private const int MaxCached = 100_000;

    // Few domains make most of the mail; asking the index once for each is enough.
    private readonly Dictionary<string, bool> _resembles = new(StringComparer.Ordinal);

    public PastContact Read(PastMessage message)
    {
        if (!TryRead(message.Recipient, out var recipient, out var recipientDomain)) return default;
        var hasSender = TryRead(message.Sender, out var sender, out var senderDomain);
        if (!names.IsOwn(recipientDomain))
            return new PastContact(Direction.Outgoing, new RelationshipKey(hasSender ? KeyOf(sender!, senderDomain) : "", recipientDomain), sender, recipient);

        return hasSender && !names.IsOwn(senderDomain)
            ? new PastContact(Direction.Incoming, new RelationshipKey(KeyOf(recipient!, recipientDomain), senderDomain), sender, recipient)
            : default;
    }

    /// <summary>Whether the domain resembles a guarded one.</summary>
    public bool Resembles(string domain)
    {
        if (_resembles.TryGetValue(domain, out var known)) return known;
        if (_resembles.Count >= MaxCached) _resembles.Clear();
        return _resembles[domain] = names.Index.Find(domain, 1).Count > 0;
    }

    private string KeyOf(Mailbox mailbox, string domain) => Relationships.MailboxKey(mailbox.WithoutExtension(settings.RecipientDelimiter), domain);

    private static bool TryRead(string? address, out Mailbox? mailbox, out string domain)
    {
        mailbox = null;
        domain = "";
        if (string.IsNullOrEmpty(address) || !SmtpPath.TryParse(address, out var path, out _) || path.Mailbox is not { IsAddressLiteral: false } read) return false;
        domain = LookalikeRecipient.AsciiDomain(read.Domain);
        mailbox = read;
        return domain.Length > 0;
    }
}
