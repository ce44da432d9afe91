namespace Vigie.Watches.Mail.Milter;

/// <summary>
/// Which parts of the SMTP dialogue the MTA leaves out or sends without waiting for an answer
/// (<c>SMFIP_*</c> in <c>mfdef.h</c>). What is left out costs no round trip.
/// </summary>
[Flags]
public enum MilterSteps : uint
{
    None = 0,
    NoConnect = 0x00000001,
    NoHelo = 0x00000002,
    NoMailFrom = 0x00000004,
    NoRecipients = 0x00000008,
    NoBody = 0x00000010,
    NoHeaders = 0x00000020,
    NoEndOfHeaders = 0x00000040,
    NoReplyToHeaders = 0x00000080,
    NoUnknown = 0x00000100,
    NoData = 0x00000200,

    /// <summary>The MTA understands <see cref="MilterReply.Skip"/>.</summary>
    Skip = 0x00000400,

    /// <summary>The MTA also sends recipients that it has already refused itself.</summary>
    RejectedRecipients = 0x00000800,

    NoReplyToConnect = 0x00001000,
    NoReplyToHelo = 0x00002000,
    NoReplyToMailFrom = 0x00004000,
    NoReplyToRecipients = 0x00008000,
    NoReplyToData = 0x00010000,
    NoReplyToUnknown = 0x00020000,
    NoReplyToEndOfHeaders = 0x00040000,
    NoReplyToBody = 0x00080000,

    /// <summary>Header values keep the space after the colon, both ways.</summary>
    HeaderLeadingSpace = 0x00100000,

    /// <summary>Everything protocol version 6 defines.</summary>
    All = 0x001FFFFF,
}
