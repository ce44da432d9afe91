namespace Vigie.Watches.Mail;

/// <summary>What is to happen to one recipient of one message. Stored as numbers: never renumber.</summary>
public enum Verdict
{
    /// <summary>Nothing speaks against it.</summary>
    Deliver = 0,

    /// <summary>Delivered with a header field that says what was noticed.</summary>
    Mark = 1,

    /// <summary>Refused at RCPT, with the address that was probably meant.</summary>
    Refuse = 2,

    /// <summary>Kept in the MTA's hold queue until a person decides.</summary>
    Hold = 3,

    /// <summary>Could not be checked: never the same as clean.</summary>
    Defer = 4,
}
