using Vigie.Console;
using Vigie.Engine;

namespace Vigie.Watches.Mail.Pages;

/// <summary>The words of the mail watch's pages.</summary>
internal static class MailTexts
{
    public static readonly Bilingual HeldMail = new("Held mail", "Courriers retenus");
    public static readonly Bilingual Decisions = new("Decisions", "Décisions");
    public static readonly Bilingual Relationships = new("Relationships", "Relations");
    public static readonly Bilingual ModeTitle = new("Mode", "Mode de garde");

    public static readonly Bilingual Time = new("Time", "Heure");
    public static readonly Bilingual Sender = new("Sender", "Expéditeur");
    public static readonly Bilingual Recipient = new("Recipient", "Destinataire");
    public static readonly Bilingual Recipients = new("Recipients", "Destinataires");
    public static readonly Bilingual Subject = new("Subject", "Objet");
    public static readonly Bilingual NoSubject = new("(no subject)", "(sans objet)");
    public static readonly Bilingual NullSender = new("(bounce message)", "(avis de non-remise)");
    public static readonly Bilingual Verdict = new("Verdict", "Verdict");
    public static readonly Bilingual Imitates = new("Imitates", "Imite");
    public static readonly Bilingual Why = new("Why", "Pourquoi");
    public static readonly Bilingual State = new("State", "État");
    public static readonly Bilingual Anywhere = new("Address, domain, queue id", "Adresse, domaine, n° de file");
    public static readonly Bilingual Any = new("any", "tous");

    // Verdicts and states
    public static readonly Bilingual Deliver = new("delivered", "remis");
    public static readonly Bilingual Mark = new("marked", "signalé");
    public static readonly Bilingual Refuse = new("refused", "refusé");
    public static readonly Bilingual Hold = new("held", "retenu");
    public static readonly Bilingual Defer = new("not checked", "non vérifié");
    public static readonly Bilingual WouldMark = new("would be marked", "aurait été signalé");
    public static readonly Bilingual WouldRefuse = new("would be refused", "aurait été refusé");
    public static readonly Bilingual WouldHold = new("would be held", "aurait été retenu");
    public static readonly Bilingual StatePending = new("arriving", "en arrivée");
    public static readonly Bilingual StateHeld = new("waiting", "en attente");
    public static readonly Bilingual StateReleasing = new("being released", "libération en cours");
    public static readonly Bilingual StateReleased = new("released", "libéré");
    public static readonly Bilingual StateReturning = new("being returned", "renvoi en cours");
    public static readonly Bilingual StateReturned = new("returned", "renvoyé");
    public static readonly Bilingual StateDeleting = new("being deleted", "suppression en cours");
    public static readonly Bilingual StateDeleted = new("deleted", "supprimé");
    public static readonly Bilingual StateVanished = new("gone by itself", "disparu de la file");

    // Held mail
    public static readonly Bilingual HeldLead = new(
        "Messages that wait in the mail server’s hold queue until somebody decides.",
        "Messages qui attendent dans la file du serveur de messagerie qu’une personne décide.");
    public static readonly Bilingual Waiting = new("Waiting", "En attente");
    public static readonly Bilingual AllHeld = new("All", "Tous");
    public static readonly Bilingual NothingWaits = new("Nothing waits for a decision", "Rien n’attend de décision");
    public static readonly Bilingual NothingWaitsObserve = new(
        "In observe mode nothing is held: look at the decisions to see what would have been.",
        "En mode observation rien n’est retenu : consultez les décisions pour voir ce qui l’aurait été.");
    public static readonly Bilingual NothingWaitsHow = new(
        "A message that probably went to the wrong address will appear here.",
        "Un message probablement mal adressé apparaîtra ici.");
    public static readonly Bilingual NothingFits = new("Nothing fits this search", "Rien ne correspond à cette recherche");
    public static readonly Bilingual NothingFitsHow = new("Widen the search, or clear it.", "Élargissez la recherche, ou effacez-la.");
    public static readonly Bilingual AllHeldMail = new("All held mail", "Tous les courriers retenus");
    public static readonly Bilingual QueueId = new("Queue id", "N° de file");
    public static readonly Bilingual Size = new("Size", "Taille");
    public static readonly Bilingual LoggedInAs = new("Logged in as", "Connecté en tant que");
    public static readonly Bilingual HeldSince = new("Held since", "Retenu depuis");
    public static readonly Bilingual YourDecision = new("Your decision", "Votre décision");
    public static readonly Bilingual Release = new("Release", "Libérer");
    public static readonly Bilingual ReleaseHint = new(
        "The address is right. It is delivered to all its recipients.",
        "L’adresse est bonne. Il est remis à tous ses destinataires.");
    public static readonly Bilingual Return = new("Return to the sender", "Renvoyer à l’expéditeur");
    public static readonly Bilingual ReturnHint = new(
        "The address is wrong. The sender gets it back, with who decided and why.",
        "L’adresse est fausse. L’expéditeur le récupère, avec le nom du décideur et le motif.");
    public static readonly Bilingual Delete = new("Delete", "Supprimer");
    public static readonly Bilingual DeleteHint = new(
        "It disappears for good; nobody is told. For abuse, not for mistakes.",
        "Il disparaît définitivement ; personne n’est prévenu. Pour les abus, pas pour les erreurs.");
    public static readonly Bilingual Decide = new("Carry out", "Exécuter");
    public static readonly Bilingual ChooseOne = new("Choose what is to happen.", "Choisissez ce qui doit se passer.");
    public static readonly Bilingual DeleteConfirm = new(
        "I know that it cannot be brought back", "Je sais qu’il ne pourra pas être récupéré");
    public static readonly Bilingual DeleteConfirmMissing = new(
        "To delete, tick that you know it cannot be brought back.",
        "Pour supprimer, cochez que vous savez qu’il ne pourra pas être récupéré.");
    public static readonly Bilingual OnlyApprovers = new(
        "Approvers and administrators decide about held mail.",
        "Les approbateurs et les administrateurs décident des courriers retenus.");
    public static readonly Bilingual Decided = new("Decided", "Décidé");
    public static readonly Bilingual DecidedBy = new("By", "Par");
    public static readonly Bilingual NotYetCarriedOut = new(
        "It is on record; the mail server’s queue could not be reached. It is tried again until it is done.",
        "C’est enregistré ; la file du serveur de messagerie n’a pas pu être atteinte. Nouvel essai jusqu’à ce que ce soit fait.");
    public static readonly Bilingual Released = new("The message is released.", "Le message est libéré.");
    public static readonly Bilingual Returned = new("The message goes back to its sender.", "Le message retourne à son expéditeur.");
    public static readonly Bilingual Deleted = new("The message is deleted.", "Le message est supprimé.");
    public static readonly Bilingual TooLate = new(
        "Somebody decided before you, or the message is gone. Look at its state.",
        "Quelqu’un a décidé avant vous, ou le message a disparu. Voyez son état.");
    public static readonly Bilingual NoSuchMessage = new("There is no such held message", "Il n’y a pas de tel courrier retenu");
    public static readonly Bilingual NoSuchMessageHow = new(
        "It may be older than what is kept.", "Il est peut-être plus ancien que ce qui est conservé.");
    public static readonly Bilingual ItsDecisions = new("What was decided about its recipients", "Ce qui a été décidé pour ses destinataires");
    public static readonly Bilingual Notified = new("The sender was told that it is held.", "L’expéditeur a été prévenu qu’il est retenu.");
    public static readonly Bilingual MailServerSays = new("The mail server says", "Le serveur de messagerie répond");

    // Decisions
    public static readonly Bilingual DecisionsLead = new(
        "Recipients whose domain looks like a protected one, and what was decided. Everything else is only counted.",
        "Destinataires dont le domaine ressemble à un domaine protégé, et ce qui a été décidé. Tout le reste est seulement compté.");
    public static readonly Bilingual NoDecisions = new("No decisions yet", "Pas encore de décision");
    public static readonly Bilingual NoDecisionsHow = new(
        "They appear as soon as mail passes. If mail flows and nothing is counted, the command \"vigie doctor\" says what is missing.",
        "Elles apparaîtront dès que du courrier passera. Si du courrier circule et que rien n’est compté, la commande « vigie doctor » dit ce qui manque.");
    public static readonly Bilingual AllDecisions = new("All decisions", "Toutes les décisions");
    public static readonly Bilingual NoSuchDecision = new("There is no such decision", "Il n’y a pas de telle décision");
    public static readonly Bilingual PolicySays = new("Policy says", "La règle dit");
    public static readonly Bilingual WasDone = new("What was done", "Ce qui a été fait");
    public static readonly Bilingual InMode = new("Mode at that time", "Mode à ce moment");
    public static readonly Bilingual Period = new("Period", "Période");
    public static readonly Bilingual LastDay = new("last 24 hours", "dernières 24 heures");
    public static readonly Bilingual LastWeek = new("last 7 days", "7 derniers jours");
    public static readonly Bilingual LastMonth = new("last 30 days", "30 derniers jours");
    public static readonly Bilingual AllTime = new("all time", "depuis le début");
    public static readonly Bilingual RecipientDomain = new("To domain", "Vers le domaine");
    public static readonly Bilingual FullExplanation = new("Why", "Pourquoi");
    public static readonly Bilingual ProbablyMeant = new("Probably meant", "Probablement voulu");
    public static readonly Bilingual ProbabilityOfSlip = new("Probability of a slip", "Probabilité d’une erreur");
    public static readonly Bilingual Kind = new("Kind of imitation", "Type d’imitation");
    public static readonly Bilingual Reason = new("Reason code", "Code du motif");
    public static readonly Bilingual Client = new("Came from", "Venu de");
    public static readonly Bilingual Daemon = new("Mail service", "Service de messagerie");
    public static readonly Bilingual Finding = new("Finding", "Constat");
    public static readonly Bilingual Facts = new("The facts", "Les faits");
    public static readonly Bilingual OpenHeld = new("The held message", "Le courrier retenu");
    public static readonly Bilingual SameDomain = new("Other mail to this domain", "Autres courriers vers ce domaine");
    public static readonly Bilingual Explore = new("Look at this domain", "Examiner ce domaine");
    public static readonly Bilingual WhatNext = new("If this was right", "Si c’était voulu");
    public static readonly Bilingual WhatNextText = new(
        "Trust the domain, and mail to it passes from now on.",
        "Accordez votre confiance au domaine, et le courrier vers lui passera désormais.");
    public static readonly Bilingual TrustThis = new("Trust this domain…", "Faire confiance à ce domaine…");

    public static readonly Bilingual ReasonLookalike = new("looks like a protected domain", "ressemble à un domaine protégé");
    public static readonly Bilingual ReasonKnown = new("a known correspondent", "un correspondant connu");
    public static readonly Bilingual ReasonResent = new("the sender sent it again on purpose", "l’expéditeur l’a renvoyé exprès");
    public static readonly Bilingual ReasonLink = new("the sender confirmed through the link", "l’expéditeur a confirmé par le lien");
    public static readonly Bilingual ReasonNothing = new("resembles nothing protected", "ne ressemble à rien de protégé");
    public static readonly Bilingual ReasonNotChecked = new("could not be checked", "n’a pas pu être vérifié");

    // Overview
    public static readonly Bilingual NeedsYou = new("Waits for a decision", "En attente d’une décision");
    public static readonly Bilingual SeeAllWaiting = new("See all that wait", "Voir tout ce qui attend");
    public static readonly Bilingual SeeAllDecisions = new("All decisions", "Toutes les décisions");
    public static readonly Bilingual Refused = new("Refused", "Refusés");
    public static readonly Bilingual HeldCount = new("Held", "Retenus");
    public static readonly Bilingual WouldHaveRefused = new("Would have been refused", "Auraient été refusés");
    public static readonly Bilingual WouldHaveHeld = new("Would have been held", "Auraient été retenus");
    public static readonly Bilingual Marked = new("Delivered with a mark", "Remis avec un signalement");
    public static readonly Bilingual Clean = new("Nothing noticed", "Rien à signaler");
    public static readonly Bilingual Unchecked = new("Not checked", "Non vérifiés");
    public static readonly Bilingual InSevenDays = new("in 7 days", "en 7 jours");
    public static readonly Bilingual In24Hours = new("in 24 hours", "en 24 heures");
    public static readonly Bilingual LastFourteenDays = new("The last 14 days", "Les 14 derniers jours");
    public static readonly Bilingual MailToOthers = new("Recipients outside your domains", "Destinataires hors de vos domaines");

    // Mode
    public static readonly Bilingual Observe = new("Observe", "Observation");
    public static readonly Bilingual Enforce = new("Enforce", "Application");
    public static readonly Bilingual Bypass = new("Bypass", "Contournement");
    public static readonly Bilingual ObserveText = new(
        "All mail is delivered. You see what would have been refused or held.",
        "Tout le courrier est remis. Vous voyez ce qui aurait été refusé ou retenu.");
    public static readonly Bilingual EnforceText = new(
        "Verdicts are applied: mail is refused or held.", "Les verdicts sont appliqués : du courrier est refusé ou retenu.");
    public static readonly Bilingual BypassText = new(
        "Emergency exit: nothing is checked, everything is delivered. It ends by itself.",
        "Issue de secours : rien n’est vérifié, tout est remis. Il prend fin de lui-même.");
    public static readonly Bilingual Change = new("Change", "Changer");
    public static readonly Bilingual ModeLead = new(
        "One switch for the whole guard. Each change is written into the journal with its reason.",
        "Un seul interrupteur pour toute la garde. Chaque changement est inscrit au journal avec son motif.");
    public static readonly Bilingual NowInForce = new("In force", "En vigueur");
    public static readonly Bilingual SetBy = new("Set by", "Choisi par");
    public static readonly Bilingual NeverSwitched = new("as after installation; nobody has switched it yet", "comme à l’installation ; personne ne l’a encore changé");
    public static readonly Bilingual SwitchTo = new("Switch to", "Passer à");
    public static readonly Bilingual Switch = new("Switch", "Changer de mode");
    public static readonly Bilingual BypassFor = new("For how long (bypass only)", "Pour combien de temps (contournement seulement)");
    public static readonly Bilingual BypassEnds = new("Ends", "Prend fin");
    public static readonly Bilingual ThenBackTo = new("then back to", "puis retour à");
    public static readonly Bilingual ModeSwitched = new("The mode is switched.", "Le mode est changé.");
    public static readonly Bilingual ModeUnknown = new("Choose a mode.", "Choisissez un mode.");
    public static readonly Bilingual LengthUnknown = new("Choose how long the bypass lasts.", "Choisissez la durée du contournement.");

    // Relationships
    public static readonly Bilingual RelationshipsLead = new(
        "Domains your organisation writes to, learned from mail that passed. They decide whether an unusual domain is believable.",
        "Domaines auxquels votre organisation écrit, appris du courrier qui est passé. Ils disent si un domaine inhabituel est crédible.");
    public static readonly Bilingual Domain = new("Domain", "Domaine");
    public static readonly Bilingual Mailbox = new("Mailbox", "Boîte");
    public static readonly Bilingual WholeOrganisation = new("whole organisation", "toute l’organisation");
    public static readonly Bilingual Sent = new("Sent", "Envoyés");
    public static readonly Bilingual Days = new("On days", "Jours");
    public static readonly Bilingual Replies = new("Replies", "Réponses");
    public static readonly Bilingual LastSeen = new("Last", "Dernier");
    public static readonly Bilingual FirstSeen = new("First", "Premier");
    public static readonly Bilingual Trusted = new("trusted", "de confiance");
    public static readonly Bilingual Learned = new("learned", "appris");
    public static readonly Bilingual TrustedOnly = new("trusted only", "de confiance seulement");
    public static readonly Bilingual Flagged = new("Looked like slips", "Semblaient des erreurs");
    public static readonly Bilingual NoRelationships = new("Nothing learned yet", "Rien d’appris pour l’instant");
    public static readonly Bilingual NoRelationshipsHow = new(
        "It is learned from mail as it passes. \"vigie learn maillog FILE\" learns from old logs at once.",
        "Cela s’apprend du courrier qui passe. « vigie learn maillog FICHIER » apprend tout de suite des anciens journaux.");
    public static readonly Bilingual Trust = new("Trust a domain", "Faire confiance à un domaine");
    public static readonly Bilingual TrustHint = new(
        "Mail to it is delivered from now on, whatever it looks like.",
        "Le courrier vers lui est désormais remis, quelle que soit sa ressemblance.");
    public static readonly Bilingual TrustButton = new("Trust it", "Faire confiance");
    public static readonly Bilingual NowTrusted = new("The domain is trusted.", "Le domaine est de confiance.");
    public static readonly Bilingual Forget = new("Forget", "Oublier");
    public static readonly Bilingual ForgetHint = new(
        "Everything known of this domain, trust included. It is learned anew from then on.",
        "Tout ce qui est connu de ce domaine, la confiance comprise. Il sera réappris ensuite.");
    public static readonly Bilingual ForgetMailbox = new("Forget a mailbox", "Oublier une boîte");
    public static readonly Bilingual ForgetMailboxHint = new(
        "For somebody who left, or who asks for it: everything known of whom this mailbox writes to.",
        "Pour quelqu’un qui est parti, ou qui le demande : tout ce qui est connu des correspondants de cette boîte.");
    public static readonly Bilingual AllRelationships = new("All relationships", "Toutes les relations");
    public static readonly Bilingual NotKnown = new("Nothing is known of this domain.", "Rien n’est connu de ce domaine.");
    public static readonly Bilingual NotAMailbox = new("This is not a mail address.", "Ce n’est pas une adresse de courriel.");

    // Insist
    public static readonly Bilingual InsistTitle = new("Is this address right?", "Cette adresse est-elle la bonne ?");
    public static readonly Bilingual InsistText = new(
        "Your message was stopped, because this address looks like a slip.",
        "Votre message a été arrêté, car cette adresse ressemble à une erreur de frappe.");
    public static readonly Bilingual YouWroteTo = new("You wrote to", "Vous avez écrit à");
    public static readonly Bilingual DidYouMean = new("Did you mean", "Vouliez-vous dire");
    public static readonly Bilingual InsistRefused = new(
        "If the first address is the one you mean, confirm it here and send your message again.",
        "Si la première adresse est bien celle que vous voulez, confirmez-la ici et envoyez de nouveau votre message.");
    public static readonly Bilingual InsistHeld = new(
        "If the first address is the one you mean, confirm it here, and your message is sent.",
        "Si la première adresse est bien celle que vous voulez, confirmez-la ici, et votre message part.");
    public static readonly Bilingual InsistOtherwise = new(
        "If it was a slip, close this page and write to the right address.",
        "Si c’était une erreur, fermez cette page et écrivez à la bonne adresse.");
    public static readonly Bilingual InsistButton = new("Yes, I mean this address", "Oui, c’est bien cette adresse");
    public static readonly Bilingual InsistConfirmed = new("Thank you. Your confirmation is recorded.", "Merci. Votre confirmation est enregistrée.");
    public static readonly Bilingual InsistSendAgain = new("Now send your message again; it will pass.", "Envoyez maintenant votre message à nouveau ; il passera.");
    public static readonly Bilingual InsistOnItsWay = new("Your message is on its way.", "Votre message est en route.");
    public static readonly Bilingual InsistUsed = new("The address is confirmed", "L’adresse est confirmée");
    public static readonly Bilingual InsistExpired = new("This link has expired", "Ce lien a expiré");
    public static readonly Bilingual InsistExpiredHow = new(
        "Send your message again; you will get a new link.", "Envoyez votre message à nouveau ; vous recevrez un nouveau lien.");
    public static readonly Bilingual InsistUnknown = new("This link is not valid", "Ce lien n’est pas valable");
    public static readonly Bilingual InsistUnknownHow = new(
        "Copy the whole link from the message you got. It may also be older than what is kept.",
        "Copiez le lien entier depuis le message reçu. Il peut aussi être plus ancien que ce qui est conservé.");
    public static readonly Bilingual InsistNotAllowed = new(
        "Your organisation does not let senders confirm this themselves. Ask your mail administrator.",
        "Votre organisation ne permet pas aux expéditeurs de confirmer eux-mêmes. Demandez à votre administrateur de messagerie.");

    /// <summary>What the acts of this watch are called in the journal.</summary>
    public static readonly IReadOnlyList<JournalAct> JournalActs =
    [
        new("mail.held.release", new("mail released", "courrier libéré")),
        new("mail.held.return", new("mail returned", "courrier renvoyé")),
        new("mail.held.delete", new("mail deleted", "courrier supprimé")),
        new("mail.mode", new("mode switched", "mode changé")),
        new("mail.insist", new("address confirmed by its sender", "adresse confirmée par l’expéditeur")),
        new("mail.relationship.approve", new("domain trusted", "domaine de confiance")),
        new("mail.relationship.forget", new("relationship forgotten", "relation oubliée")),
    ];

    public static Bilingual Name(Verdict verdict) => verdict switch
    {
        Mail.Verdict.Deliver => Deliver,
        Mail.Verdict.Mark => Mark,
        Mail.Verdict.Refuse => Refuse,
        Mail.Verdict.Hold => Hold,
        _ => Defer,
    };

    /// <summary>What policy would have had done, where the mode did not let it.</summary>
    public static Bilingual Would(Verdict verdict) => verdict switch
    {
        Mail.Verdict.Mark => WouldMark,
        Mail.Verdict.Refuse => WouldRefuse,
        Mail.Verdict.Hold => WouldHold,
        _ => Name(verdict),
    };

    public static Bilingual Name(Mode mode) => mode switch
    {
        Mode.Enforce => Enforce,
        Mode.Bypass => Bypass,
        _ => Observe,
    };

    public static Bilingual Text(Mode mode) => mode switch
    {
        Mode.Enforce => EnforceText,
        Mode.Bypass => BypassText,
        _ => ObserveText,
    };

    public static Bilingual Name(HeldState state) => state switch
    {
        HeldState.Pending => StatePending,
        HeldState.Held => StateHeld,
        HeldState.Releasing => StateReleasing,
        HeldState.Released => StateReleased,
        HeldState.Returning => StateReturning,
        HeldState.Returned => StateReturned,
        HeldState.Deleting => StateDeleting,
        HeldState.Deleted => StateDeleted,
        _ => StateVanished,
    };

    /// <summary>A reason code in words; the code itself where it is not known here.</summary>
    public static Bilingual ReasonOf(string code) => code switch
    {
        DecisionReasons.Lookalike => ReasonLookalike,
        DecisionReasons.KnownCorrespondent => ReasonKnown,
        DecisionReasons.InsistedByResending => ReasonResent,
        DecisionReasons.InsistedByLink => ReasonLink,
        DecisionReasons.NothingResembled => ReasonNothing,
        DecisionReasons.NotChecked => ReasonNotChecked,
        _ => new Bilingual(code, code),
    };
}
