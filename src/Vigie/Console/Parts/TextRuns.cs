using Microsoft.AspNetCore.Components;

namespace Vigie.Console.Parts;

/// <summary>Text from strangers in a page: what may be shown, and marks in place of what may not.</summary>
internal static class TextRuns
{
    /// <summary>The text in runs.</summary>
    /// <param name="text">The text, as long as it is to be shown.</param>
    /// <param name="lines">Whether it has several lines: then line breaks and tabs are what they are.</param>
    public static RenderFragment Of(string text, bool lines = false) => builder =>
    {
        foreach (var run in PlainText.Runs(text))
        {
            if (!run.IsMark)
            {
                builder.AddContent(0, run.Text);
            }
            else if (lines && run.Text is "↵" or "⇥")
            {
                builder.AddContent(1, run.Text == "↵" ? "\n" : "\t");
            }
            else
            {
                builder.OpenElement(2, "span");
                builder.AddAttribute(3, "class", "mark-char");
                builder.AddContent(4, run.Text);
                builder.CloseElement();
            }
        }
    };
}
