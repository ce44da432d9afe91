namespace Vigie.Engine.Lookalikes;

/// <summary>One run over one name: every family writes its variants of the head into a buffer, and each goes out under its own and every slipped top-level domain.</summary>
internal sealed class Generation
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    private const int MostDots = 4;

    // Room for a head whose single letters became three.
    private readonly char[] _head = new char[DomainNames.MaxLength * 3];
    private readonly char[] _name = new char[DomainNames.MaxLength];
    private readonly NameShape _target;
    private readonly SlipModel _model;
    private readonly ICandidateSink _sink;
    private readonly SuffixSlip[] _slips;
    private readonly int _combined;
    private readonly string _tld;
    private readonly string _suffix;

    public Generation(NameShape target, SlipModel model, KeyboardLayouts layouts, ICandidateSink sink)
    {
        _target = target;
        _model = model;
        _sink = sink;
        _tld = target.Tld.ToString();
        _suffix = target.SuffixText.ToString();
        _slips = SuffixModel.TopLevelSlips(_tld, layouts);
        _combined = Array.FindLastIndex(_slips, slip => slip.Slip.Likelihood >= SuffixModel.Combined) + 1;
    }

    public void Run()
    {
        Edits();
        Swaps(WordSwaps.Homophones);
        Swaps(WordSwaps.Numbers);
        PluralsOfTwo();
        DoubleKeys();
        Suffixes();
        Joined();
        DotShifted();
        Companions();
        Subdomains();
        Glyph();
    }

    private void Edits()
    {
        var head = _target.Head;
        for (var at = Math.Max(0, _target.Label - 2); at <= head.Length; at++)
        {
            if (at < head.Length && at >= _target.Label - 1) Substitutions(at);
            if (at < head.Length && (at == 0 || head[at - 1] != head[at])) Try(new Edit(EditKind.Delete, at));
            if (at + 1 < head.Length) Try(new Edit(EditKind.Transpose, at));
            if (at < _target.Label) continue;
            foreach (var c in Alphabet) TryInsert(at, c);
            TryInsert(at, '-');
            TryInsert(at, '.');
        }
    }

    private void Substitutions(int at)
    {
        var typed = _target.Head[at];
        foreach (var c in Alphabet)
        {
            if (c != typed) Try(new Edit(EditKind.Substitute, at, c));
        }

        if (typed != '-') Try(new Edit(EditKind.Substitute, at, '-'));
        if (typed != '.') Try(new Edit(EditKind.Substitute, at, '.'));
        foreach (var shape in Glyphs.Wide(typed)) Try(new Edit(EditKind.Substitute, at, shape[0]));
        foreach (var shape in Glyphs.Core(typed))
        {
            if (shape.Length == 1 && shape[0] >= 128) Try(new Edit(EditKind.Substitute, at, shape[0]));
        }
    }

    private void TryInsert(int at, char c)
    {
        // The run's first place stands for all of them (EditDistance.TryFindSingle).
        if (at == 0 || _target.Head[at - 1] != c) Try(new Edit(EditKind.Insert, at, c));
    }

    private void Try(Edit edit)
    {
        var slip = _model.Of(_target, edit);
        if (!slip.Applies) return;
        var head = _target.Head;
        var to = _head.AsSpan();
        head[..edit.Position].CopyTo(to);
        var length = edit.Position;
        var rest = edit.Kind switch
        {
            EditKind.Insert => edit.Position,
            EditKind.Transpose => edit.Position + 2,
            _ => edit.Position + 1,
        };
        if (edit.Kind == EditKind.Transpose)
        {
            to[length++] = head[edit.Position + 1];
            to[length++] = head[edit.Position];
        }
        else if (edit.Kind != EditKind.Delete) to[length++] = edit.Character;

        head[rest..].CopyTo(to[length..]);
        Send(to[..(length + head.Length - rest)], slip);
    }

    private void Swaps(WordSwaps swaps)
    {
        if (!_model.Families.Contains(swaps.Family)) return;
        var head = _target.Head;
        foreach (var (from, to) in swaps.Swaps)
        {
            for (var at = _target.Label; at + from.Length <= head.Length; at++)
            {
                if (!head.Slice(at, from.Length).SequenceEqual(from)) continue;
                var variant = Replaced(at, from.Length, to);
                if (swaps.SoundAlike(head, variant)) Send(variant, _model.Cause(swaps.Family, swaps.Likelihood));
            }
        }
    }

    private void PluralsOfTwo()
    {
        if (!_model.Families.Contains(ImitationFamily.Plural)) return;
        foreach (var label in Plurals.OfTwo(_target.Brand.ToString()))
            Send(Replaced(_target.Label, _target.Brand.Length, label), _model.Cause(ImitationFamily.Plural, Comparison.DoublePlural));
    }

    private void DoubleKeys()
    {
        var head = _target.Head;
        for (var at = _target.Label; at + 1 < head.Length; at++)
        {
            if (head[at] != head[at + 1]) continue;
            foreach (var key in Alphabet)
            {
                var slip = key == head[at] ? Slip.None : Comparison.DoubleKeyed(head, at, key, _model);
                if (slip.Applies) Send(Replaced(at, 2, [key, key]), slip);
            }
        }
    }

    private void Suffixes()
    {
        foreach (var suffix in SuffixModel.Alternatives(_suffix)) SendUnder(_target.Stem, suffix, SuffixModel.OfSuffix(_suffix, suffix, _model));
    }

    // Every way to lose dots of the whole name or of its head: each kept, dropped or written as a hyphen.
    private void Joined()
    {
        var suffixes = BrandWords.OpenSuffixes.Append(_tld).Append(_suffix).Distinct(StringComparer.Ordinal).ToArray();
        Joinings(_target.Text, (text, family) =>
        {
            foreach (var suffix in suffixes) SendUnder(text, suffix, _model.Cause(family, Comparison.JoinedUnder(_target, suffix)));
        });
        Joinings(_target.Head, (text, family) =>
        {
            foreach (var suffix in suffixes) SendUnder(text, suffix, Comparison.JoinedHeadUnder(_target, suffix, family, _model));
            foreach (var slip in _slips.AsSpan(0, _combined)) SendUnder(text, slip.Suffix, Comparison.JoinedHeadUnder(_target, slip.Suffix, family, _model));
        });
    }

    private delegate void Joining(ReadOnlySpan<char> text, ImitationFamily family);

    private void Joinings(ReadOnlySpan<char> text, Joining use)
    {
        var dots = Math.Min(text.Count('.'), MostDots);
        var ways = (int)Math.Pow(3, dots);
        Span<char> joined = stackalloc char[text.Length];
        for (var way = 1; way < ways; way++)
        {
            // Counted from the right, so that of more dots than MostDots the leftmost stay.
            var family = ImitationFamily.MissingDot;
            var start = text.Length;
            var choice = way;
            for (var at = text.Length - 1; at >= 0; at--)
            {
                var c = text[at];
                if (c == '.')
                {
                    var made = choice % 3;
                    choice /= 3;
                    if (made == 1) continue;
                    if (made == 2)
                    {
                        c = '-';
                        family = ImitationFamily.DotToDash;
                    }
                }

                joined[--start] = c;
            }

            use(joined[start..], family);
        }
    }

    private void DotShifted()
    {
        var slip = _model.Cause(ImitationFamily.Transposition, Comparison.DotShifted);
        string text = _target.Text;
        var dot = _target.HeadLength;
        if (TopLevelDomains.Contains(text.AsSpan(dot + 2))) SendUnder([.. text.AsSpan(0, dot), text[dot + 1]], text[(dot + 2)..], slip);
        if (dot > 1 && TopLevelDomains.Contains([text[dot - 1], .. text.AsSpan(dot + 1)])) SendUnder(text.AsSpan(0, dot - 1), text[dot - 1] + text[(dot + 1)..], slip);
    }

    private void Companions()
    {
        Span<char> joined = stackalloc char[_target.Stem.Length];
        Companions(Comparison.CombinedBrand(_target, joined));
        if (_target.Label > 0) return;
        foreach (var (host, likelihood) in BrandWords.Hosts) SendUnder(Beside(host, "", _target.Brand), _suffix, _model.Cause(ImitationFamily.Prefix, likelihood));
    }

    private void Companions(ReadOnlySpan<char> brand)
    {
        if (brand.Length < Comparison.ShortestBrand || !_model.Families.Contains(ImitationFamily.Combosquat)) return;
        Companions(brand, _suffix);
        foreach (var suffix in BrandWords.OpenSuffixes)
        {
            if (suffix != _suffix) Companions(brand, suffix);
        }
    }

    private void Companions(ReadOnlySpan<char> brand, string suffix)
    {
        var slip = _model.Cause(ImitationFamily.Combosquat, Comparison.ComboUnder(_target, suffix));
        foreach (var word in BrandWords.Companions)
        {
            SendUnder(Beside(brand, "-", word), suffix, slip);
            SendUnder(Beside(word, "-", brand), suffix, slip);
            SendUnder(Beside(brand, "", word), suffix, slip);
            SendUnder(Beside(word, "", brand), suffix, slip);
        }
    }

    private ReadOnlySpan<char> Beside(ReadOnlySpan<char> left, ReadOnlySpan<char> between, ReadOnlySpan<char> right)
    {
        left.CopyTo(_head);
        between.CopyTo(_head.AsSpan(left.Length));
        right.CopyTo(_head.AsSpan(left.Length + between.Length));
        return _head.AsSpan(0, left.Length + between.Length + right.Length);
    }

    private void Subdomains()
    {
        var slip = _model.Cause(ImitationFamily.BrandAsSubdomain, Comparison.AsSubdomain);
        foreach (var landlord in BrandWords.Landlords) SendUnder(_target.Text, landlord, slip);
    }

    private void Glyph()
    {
        if (!_model.Families.Contains(ImitationFamily.Homoglyph) && !_model.Families.Contains(ImitationFamily.Confusable)) return;
        new GlyphReplacements(_target, _model).Run(SendDrawn);
    }

    private void SendDrawn(ReadOnlySpan<char> head, Slip slip, bool single)
    {
        if (single) Send(head, slip);
        else SendUnder(head, _tld, slip);
    }

    private ReadOnlySpan<char> Replaced(int at, int length, ReadOnlySpan<char> by)
    {
        var head = _target.Head;
        head[..at].CopyTo(_head);
        by.CopyTo(_head.AsSpan(at));
        head[(at + length)..].CopyTo(_head.AsSpan(at + by.Length));
        return _head.AsSpan(0, head.Length - length + by.Length);
    }

    /// <summary>Sends a head under the target's own top-level domain and under every likely slip of it.</summary>
    private void Send(ReadOnlySpan<char> head, Slip slip)
    {
        if (!slip.Applies || !TryWrite(head, out var written)) return;
        Emit(written, _tld, slip);
        if (!_model.Families.Contains(ImitationFamily.TldTypo)) return;
        foreach (var top in _slips.AsSpan(0, _combined)) Emit(written, top.Suffix, slip with { Likelihood = slip.Likelihood * top.Slip.Likelihood });
    }

    private void SendUnder(ReadOnlySpan<char> head, string suffix, Slip slip)
    {
        if (slip.Applies && TryWrite(head, out var written)) Emit(written, suffix, slip);
    }

    private void Emit(int written, string suffix, Slip slip)
    {
        var length = written + 1 + suffix.Length;
        if (length > DomainNames.MaxLength) return;
        _name[written] = '.';
        suffix.CopyTo(_name.AsSpan(written + 1));
        var name = _name.AsSpan(0, length);
        if (!_target.Owns(name)) _sink.Take(name, slip.Family, slip.Likelihood);
    }

    // The head in A-labels; false where a label would not be one.
    private bool TryWrite(ReadOnlySpan<char> head, out int written)
    {
        written = 0;
        for (var start = 0; start <= head.Length;)
        {
            var end = head[start..].IndexOf('.');
            var label = end < 0 ? head[start..] : head.Slice(start, end);
            if (label.IsEmpty || label[0] == '-' || label[^1] == '-' || (label.Length > 3 && label[2] == '-' && label[3] == '-')) return false;
            if (written > 0) _name[written++] = '.';
            if (!DomainNames.TryEncodeLabel(label, _name.AsSpan(written), out var encoded)) return false;
            written += encoded;
            if (written >= DomainNames.MaxLength - 2) return false;
            start += label.Length + 1;
        }

        return true;
    }
}
