using Vigie.Console;
using Vigie.Engine;

namespace Vigie.Incidents.Desk;

/// <summary>How a field of a form is shown again.</summary>
public enum DeskFieldKind
{
    /// <summary>Not at all, but it is sent again: numbers.</summary>
    Hidden,

    /// <summary>On one line.</summary>
    Line,

    /// <summary>On several lines.</summary>
    Text,

    /// <summary>A choice of few.</summary>
    Choice,
}

/// <summary>A field of a form.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Kind">How it is shown again.</param>
/// <param name="Choices">What there is to choose from.</param>
/// <param name="MaxLength">The most characters.</param>
public sealed record DeskField(string Name, Bilingual Label, DeskFieldKind Kind, IReadOnlyList<(string Value, Bilingual Name)> Choices, int MaxLength);

/// <summary>An act's form: what is sent again when the first time nothing was done.</summary>
/// <param name="Path">The end of its address.</param>
/// <param name="Name">What the button says.</param>
/// <param name="Fields">What is kept.</param>
public sealed record DeskForm(string Path, Bilingual Name, params IReadOnlyList<DeskField> Fields)
{
    private static readonly IReadOnlyList<(string, Bilingual)> Verdicts =
        [.. Enum.GetValues<IncidentVerdict>().Select(verdict => (IncidentDesk.Name(verdict), IncidentTexts.Name(verdict)))];

    private static readonly IReadOnlyList<(string, Bilingual)> Statuses =
        [.. new[] { IncidentStatus.New, IncidentStatus.InWork, IncidentStatus.Waiting }.Select(status => (IncidentDesk.Name(status), IncidentTexts.Name(status)))];

    public static readonly DeskForm Assign = new("assign", new("Assign", "Attribuer"), Line("assignee", new("To", "À"), 100));
    public static readonly DeskForm Status = new("status", new("Set the status", "Changer l’état"), Choice("status", IncidentTexts.Status, Statuses));
    public static readonly DeskForm Verdict = new("verdict", new("Close with this verdict", "Clore avec ce verdict"), Choice("verdict", IncidentTexts.Verdict, Verdicts), Text("reason", ShellTexts.Reason, IncidentDesk.MaxReason));
    public static readonly DeskForm UndoVerdict = new("verdict/undo", new("Take the verdict back", "Reprendre le verdict"), Text("reason", ShellTexts.Reason, IncidentDesk.MaxReason));
    public static readonly DeskForm Rename = new("rename", new("Rename", "Renommer"), Line("title", new("Name", "Nom"), IncidentDesk.MaxTitle));
    public static readonly DeskForm Comment = new("comment", new("Comment", "Commenter"), Text("text", new("Comment", "Commentaire"), IncidentDesk.MaxComment));
    public static readonly DeskForm AddTask = new("tasks", new("Add the task", "Ajouter la tâche"), Line("text", new("Task", "Tâche"), IncidentDesk.MaxTask));
    public static readonly DeskForm Merge = new("merge", new("Merge", "Fusionner"), Line("into", new("Into incident", "Dans l’incident"), 20));
    public static readonly DeskForm Split = new("split", new("Split off", "Détacher"), new DeskField("finding", FindingTexts.Title, DeskFieldKind.Hidden, [], 64));

    /// <summary>An act without fields.</summary>
    public static DeskForm Plain(string path, Bilingual name) => new(path, name);

    private static DeskField Line(string name, Bilingual label, int most) => new(name, label, DeskFieldKind.Line, [], most);

    private static DeskField Text(string name, Bilingual label, int most) => new(name, label, DeskFieldKind.Text, [], most);

    private static DeskField Choice(string name, Bilingual label, IReadOnlyList<(string, Bilingual)> choices) => new(name, label, DeskFieldKind.Choice, choices, 0);
}
