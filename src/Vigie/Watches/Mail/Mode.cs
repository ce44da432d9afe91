namespace Vigie.Watches.Mail;

/// <summary>How verdicts are applied. Stored as numbers: never renumber.</summary>
public enum Mode
{
    /// <summary>Everything is judged and delivered; decisions say what would have happened. A new installation starts here.</summary>
    Observe = 0,

    /// <summary>Verdicts are applied.</summary>
    Enforce = 1,

    /// <summary>Nothing is judged, everything is delivered, marked as not checked: the emergency exit. It ends by itself.</summary>
    Bypass = 2,
}
