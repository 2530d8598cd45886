// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Solve;
using Tare.Images.Building;
using Tare.Images.Store;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Attest;

/// <summary>Makes the statements that were asked for.</summary>
/// <param name="request">which</param>
/// <param name="facts">of the build</param>
internal sealed class Attesting(AttestRequest request, BuildFacts facts)
{
    private (IReadOnlyList<Package> Packages, IReadOnlyDictionary<string, string> Release)? _packages;

    /// <summary>Looks the result over for packages, when that is wanted.</summary>
    /// <param name="store">has the layers</param>
    /// <param name="layers">of the result; bottom first</param>
    public void Look(ImageStore store, IReadOnlyList<StoredLayer> layers)
    {
        if (request.HasSbom)
        {
            using Root root = StepFolder.View(store, layers);
            _packages = PackageSearch.Run(root);
        }
    }

    /// <summary>The statements about one image, behind <see cref="Look"/>; in a fixed order.</summary>
    /// <param name="names">of the image</param>
    /// <param name="manifest">of the image; null for files alone</param>
    /// <param name="time">when it was made</param>
    public IReadOnlyList<Attestation> Of(IReadOnlyList<Reference> names, Digest? manifest, BuildTime time)
    {
        List<Attestation> all = [];
        if (_packages is { } found)
        {
            string name = names.Count > 0 ? names[0].Familiar : "image";
            var document = new SpdxDocument(name, found.Packages, found.Release, time);
            all.Add(Statement.Of(SpdxDocument.PredicateType, names, facts.Platform, manifest, document.Write));
        }

        if (request.HasProvenance)
        {
            var provenance = new Provenance(facts, request);
            all.Add(Statement.Of(provenance.Type, names, facts.Platform, manifest, provenance.Write));
        }

        return all;
    }
}
