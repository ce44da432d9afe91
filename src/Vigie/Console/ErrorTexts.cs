using Vigie.Engine;

namespace Vigie.Console;

/// <summary>What a status means to a person, and what to do.</summary>
internal static class ErrorTexts
{
    public static readonly Bilingual Back = new("To the overview", "Vers la vue d’ensemble");
    public static readonly Bilingual Incident = new("The log has the details under", "Le journal technique a les détails sous");

    public static readonly Bilingual FormTitle = new("This form is no longer valid", "Ce formulaire n’est plus valable");
    public static readonly Bilingual FormText = new(
        "Nothing was done. You logged in or out since it was opened, or it did not come from this console. Open the page again and repeat.",
        "Rien n’a été fait. Vous vous êtes connecté ou déconnecté depuis son ouverture, ou il ne venait pas de cette console. Rouvrez la page et recommencez.");
    public static readonly Bilingual TooLargeTitle = new("This is too large", "C’est trop volumineux");
    public static readonly Bilingual TooLargeText = new(
        "Nothing was done: what you sent is larger than this form takes. Go back, your browser may still have it, and send less.",
        "Rien n’a été fait : ce que vous avez envoyé dépasse ce que ce formulaire accepte. Revenez en arrière, votre navigateur l’a peut-être encore, et envoyez moins.");
    public static readonly Bilingual ForbiddenTitle = new("Your role does not allow this", "Votre rôle ne le permet pas");
    public static readonly Bilingual ForbiddenText = new(
        "Nothing was done. An administrator can give you another role.",
        "Rien n’a été fait. Un administrateur peut vous donner un autre rôle.");
    public static readonly Bilingual NotFoundTitle = new("There is nothing here", "Il n’y a rien ici");
    public static readonly Bilingual NotFoundText = new(
        "The address is wrong, or what was here is gone.", "L’adresse est fausse, ou ce qui était ici n’existe plus.");
    public static readonly Bilingual TooManyTitle = new("Too many requests", "Trop de requêtes");
    public static readonly Bilingual TooManyText = new(
        "Wait a few minutes and try again.", "Attendez quelques minutes et réessayez.");
    public static readonly Bilingual FailedTitle = new("Vigie could not answer", "Vigie n’a pas pu répondre");
    public static readonly Bilingual FailedText = new(
        "Something failed while this page was made. Try again; if it stays, the log says more.",
        "Quelque chose a échoué pendant la préparation de cette page. Réessayez ; si cela persiste, le journal technique en dit plus.");
    public static readonly Bilingual StoreTitle = new("The store does not answer", "Le stockage ne répond pas");
    public static readonly Bilingual StoreText = new(
        "Its disk may be full or its database stopped. The command \"vigie doctor\" says what is wrong.",
        "Son disque est peut-être plein ou sa base de données arrêtée. La commande « vigie doctor » dit ce qui ne va pas.");
    public static readonly Bilingual OtherTitle = new("This request cannot be answered", "Cette requête ne peut pas être traitée");
    public static readonly Bilingual OtherText = new("Nothing was done.", "Rien n’a été fait.");

    public static (Bilingual Title, Bilingual Text) For(int status) => status switch
    {
        StatusCodes.Status400BadRequest => (FormTitle, FormText),
        StatusCodes.Status413PayloadTooLarge => (TooLargeTitle, TooLargeText),
        StatusCodes.Status403Forbidden => (ForbiddenTitle, ForbiddenText),
        StatusCodes.Status404NotFound => (NotFoundTitle, NotFoundText),
        StatusCodes.Status429TooManyRequests => (TooManyTitle, TooManyText),
        StatusCodes.Status503ServiceUnavailable => (StoreTitle, StoreText),
        >= 500 => (FailedTitle, FailedText),
        _ => (OtherTitle, OtherText),
    };
}
