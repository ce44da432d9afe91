namespace Vigie.Watches.Mail.Milter;

/// <summary>Where in the dialogue macros are sent; the numbers are those of <c>SMFIM_*</c> in <c>mfapi.h</c>.</summary>
public enum MacroStage
{
    Connect = 0,
    Helo = 1,
    MailFrom = 2,
    Recipient = 3,
    Data = 4,
    EndOfMessage = 5,
    EndOfHeaders = 6,
}
