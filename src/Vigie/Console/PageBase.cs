using Microsoft.AspNetCore.Components;
using Vigie.Engine;

namespace Vigie.Console;

/// <summary>What every page and part of the console has at hand.</summary>
public abstract class PageBase : ComponentBase
{
    [Inject]
    public required Viewer Viewer { get; init; }

    [CascadingParameter]
    public HttpContext Http { get; init; } = null!;

    /// <summary>The visitor closed the connection.</summary>
    protected CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The sentence in the visitor's language.</summary>
    protected string T(Bilingual text) => Viewer[text];

    /// <summary>The same for words that differ nowhere else.</summary>
    protected string T(string english, string french) => Viewer[new Bilingual(english, french)];

    /// <summary>How many characters at the beginning of the sentence are English for a visitor who reads French.</summary>
    protected int EnglishOf(Bilingual text) => Viewer.Language == "fr" ? EnglishWords.Count(text) : 0;

    /// <summary>The sentence and a colon after it.</summary>
    protected string Label(Bilingual text) => Viewer[text] + Viewer.Colon;

    /// <summary>
    /// Answers with a status other than 200 while the page still says what is the matter. Set when the answer starts: a 404
    /// seen earlier makes the framework drop the page.
    /// </summary>
    protected void Answer(int status) => Http.Response.OnStarting(() =>
    {
        Http.Response.StatusCode = status;
        return Task.CompletedTask;
    });
}
