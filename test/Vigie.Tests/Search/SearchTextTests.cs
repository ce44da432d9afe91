using Vigie.Engine.Search;

namespace Vigie.Tests.Search;

public sealed class SearchTextTests
{
    [Theory]
    [InlineData("Élodie a été RETROUVÉE", "elodie a ete retrouvee")]
    [InlineData("cœur, Straße, łódź", "coeur strasse lodz")]
    [InlineData("C:\\Windows\\System32\\cmd.exe", "c windows system32 cmd exe")]
    [InlineData("chief@army.mil", "chief army mil")]
    [InlineData("2001:db8::7", "2001 db8 7")]
    [InlineData("e\u0301le\u0301phant", "elephant")]
    [InlineData("ｐａｙｐａｌ", "paypal")]
    [InlineData("東京tower", "東 京 tower")]
    [InlineData("a\uD800b\0c", "a b c")]
    [InlineData("<script>--\"'*^:(", "script")]
    [InlineData("", "")]
    public void Folds_words_as_a_reader_would(string text, string words) =>
        Assert.Equal(words, string.Join(' ', SearchText.Words(text, 100).Select(word => word.Text)));

    [Fact]
    public void Says_where_words_lie()
    {
        const string text = "Accès à «l’hôte»";
        Assert.Equal(["Accès", "à", "l", "hôte"], SearchText.Words(text, 10).Select(word => text[word.Start..word.End]));
    }

    [Theory]
    [InlineData("army.ml", "mail to chief@army.ml refused", true)]
    [InlineData("army.mi", "army.mil", true)]
    [InlineData("203.0.113.7", "203.0.113.77", false)]
    [InlineData("army.ml", "army of ml", false)]
    [InlineData("\"army.m\"", "army.mil", false)]
    [InlineData("paypal", "mypaypal-login.example", true)]
    [InlineData("system32\\cmd", "c:\\windows\\system32\\cmd.exe", true)]
    [InlineData("203.0.113", "203.0.113.77", true)]
    [InlineData("ETE", "l’été dernier", true)]
    [InlineData("beacon mali", "a beacon in Mali", true)]
    [InlineData("beacon togo", "a beacon in Mali", false)]
    [InlineData("OR AND NOT", "nothing", false)]
    public void Finds_whole_and_by_part(string typed, string text, bool found) => Assert.Equal(found, SearchQuery.Parse(typed).Matches(text));

    [Fact]
    public void Marks_what_matched()
    {
        const string text = "Requête DNS vers army.ml, encore army.ml";
        Assert.Equal(["Requête", "army.ml", "army.ml"], SearchQuery.Parse("army.ml requete").Find(text).Select(place => text[place.Start..place.End]));
    }

    [Fact]
    public void Parts_of_hashes_are_not_kept()
    {
        Assert.Empty(SearchText.Parts(new string('a', 64)));
        Assert.Equal(["ypaypal", "paypal", "aypal", "ypal", "pal"], SearchText.Parts("mypaypal"));
    }

    [Fact]
    public void Nothing_that_is_typed_is_an_error()
    {
        var random = new Random(8);
        const string signs = "aZé9*\"'()^:-+~{}[]<>|&!\\/%_.@«»“” \t\0\uD83D\uDE00\uDC00\u202E東";
        for (var i = 0; i < 5000; i++)
        {
            var typed = string.Concat(Enumerable.Range(0, random.Next(0, 400)).Select(_ => signs[random.Next(signs.Length)]));
            var query = SearchQuery.Parse(typed);
            Assert.True(query.Phrases.Length <= 8 && query.Phrases.Sum(phrase => phrase.Words.Length) <= 40);
            Assert.All(query.Phrases.SelectMany(phrase => phrase.Words), word => Assert.True(word.Length is > 0 and <= SearchText.MaxWord + 20 && word.All(c => char.IsLetterOrDigit(c) || char.IsSurrogate(c))));
            Assert.All(query.Find(typed), place => Assert.True(place.Start < place.End && place.End <= typed.Length));
        }
    }
}
