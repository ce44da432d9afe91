using System.Buffers.Binary;
using System.Formats.Asn1;

namespace Vigie.Watches.Domains.Feeds;

/// <summary>The DNS names of a certificate in a transparency log (RFC 6962 §3.4, RFC 5280 §4.1 and §4.2.1.6).</summary>
internal static class CertificateNames
{
    private const int X509Entry = 0;
    private const int PrecertificateEntry = 1;
    private const int IssuerKeyHashLength = 32;
    private const string SubjectAlternativeName = "2.5.29.17";
    private const string CommonName = "2.5.4.3";

    // GeneralName's dNSName is [2] IA5String.
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Version = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 3, isConstructed: true);

    /// <summary>Reads a MerkleTreeLeaf; what is wrong with it becomes the line's problem.</summary>
    public static void ReadLeaf(ReadOnlyMemory<byte> leaf, LineNames names)
    {
        const int header = 12;
        var octets = leaf.Span;
        if (octets.Length < header || octets[0] != 0 || octets[1] != 0)
        {
            names.Problem = "leaf_input is no timestamped entry of version 1";
            return;
        }

        var milliseconds = BinaryPrimitives.ReadUInt64BigEndian(octets[2..]);
        if (milliseconds < 253_402_300_799_000) names.Time = DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
        var type = BinaryPrimitives.ReadUInt16BigEndian(octets[10..]);
        var at = header + (type == PrecertificateEntry ? IssuerKeyHashLength : 0);
        if (type is not (X509Entry or PrecertificateEntry) || octets.Length < at + 3)
        {
            names.Problem = "leaf_input is of an unknown type";
            return;
        }

        var length = octets[at] << 16 | octets[at + 1] << 8 | octets[at + 2];
        if (length > octets.Length - at - 3)
        {
            names.Problem = "leaf_input is cut off";
            return;
        }

        ReadCertificate(leaf.Slice(at + 3, length), type == PrecertificateEntry, names);
    }

    private static void ReadCertificate(ReadOnlyMemory<byte> der, bool isTbs, LineNames names)
    {
        try
        {
            // Certificates in the wild are not always DER; BER reads both.
            var outer = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
            ReadTbs(isTbs ? outer : outer.ReadSequence(), names);
        }
        catch (AsnContentException)
        {
            names.Problem = "the certificate is malformed";
        }
    }

    private static void ReadTbs(AsnReader tbs, LineNames names)
    {
        if (tbs.PeekTag().HasSameClassAndValue(Version)) tbs.ReadEncodedValue();
        tbs.ReadIntegerBytes();
        tbs.ReadEncodedValue(); // signature
        tbs.ReadEncodedValue(); // issuer
        tbs.ReadEncodedValue(); // validity
        var subject = tbs.ReadSequence();
        tbs.ReadEncodedValue(); // public key
        var before = names.Names.Count;
        while (tbs.HasData)
        {
            if (tbs.PeekTag().HasSameClassAndValue(Extensions)) ReadExtensions(tbs.ReadSequence(Extensions).ReadSequence(), names);
            else tbs.ReadEncodedValue();
        }

        // The common name counts only where there is no alternative name (RFC 6125 §6.4.4).
        if (names.Names.Count == before) ReadSubject(subject, names);
    }

    private static void ReadExtensions(AsnReader extensions, LineNames names)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            if (extension.ReadObjectIdentifier() != SubjectAlternativeName) continue;
            if (extension.PeekTag() == Asn1Tag.Boolean) extension.ReadBoolean();
            var alternatives = new AsnReader(extension.ReadOctetString(), AsnEncodingRules.BER).ReadSequence();
            while (alternatives.HasData)
            {
                if (alternatives.PeekTag().HasSameClassAndValue(DnsName)) names.Add(alternatives.ReadCharacterString(UniversalTagNumber.IA5String, DnsName));
                else alternatives.ReadEncodedValue();
            }
        }
    }

    private static void ReadSubject(AsnReader subject, LineNames names)
    {
        while (subject.HasData)
        {
            var attributes = subject.ReadSetOf();
            while (attributes.HasData)
            {
                var attribute = attributes.ReadSequence();
                if (attribute.ReadObjectIdentifier() != CommonName) continue;
                var tag = attribute.PeekTag();
                if (tag.TagClass != TagClass.Universal || tag.TagValue is not ((int)UniversalTagNumber.UTF8String or (int)UniversalTagNumber.PrintableString or (int)UniversalTagNumber.IA5String)) continue;
                var name = attribute.ReadCharacterString((UniversalTagNumber)tag.TagValue);
                if (name.Contains('.', StringComparison.Ordinal) && !name.Contains(' ', StringComparison.Ordinal)) names.Add(name);
            }
        }
    }
}
