namespace Vigie.Watches.Mail.Milter;

/// <summary>What a filter may do to a message at its end (<c>SMFIF_*</c> in <c>mfapi.h</c>).</summary>
[Flags]
public enum MilterActions : uint
{
    None = 0,
    AddHeaders = 0x001,
    ChangeBody = 0x002,
    AddRecipients = 0x004,
    DeleteRecipients = 0x008,
    ChangeHeaders = 0x010,
    Quarantine = 0x020,
    ChangeFrom = 0x040,
    AddRecipientsWithParameters = 0x080,

    /// <summary>The filter may name the macros it wants at each stage, so that the MTA sends no others.</summary>
    SetSymbolList = 0x100,

    /// <summary>Everything protocol version 6 defines.</summary>
    All = 0x1FF,
}
