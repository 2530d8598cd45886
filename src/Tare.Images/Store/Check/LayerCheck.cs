// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Store.Check;

/// <summary>layers/: every needed layer is recorded and has its tree, every other tree is named.</summary>
internal static class LayerCheck
{
    private const string Layer = "layer";
    private const string Foreign = "file";

    public static IEnumerable<Finding> Look(StoreState state)
    {
        List<Finding> findings = [];
        HashSet<ChainId> there = [];
        HashSet<ChainId> recorded = [.. state.Store.Catalog.Trees()];
        foreach ((byte[] name, FileKind kind) in state.Names("layers"))
        {
            if (TryParse(name, out ChainId chain) && kind == FileKind.Directory)
            {
                there.Add(chain);
            }
            else
            {
                findings.Add(new(Foreign, $"layers/{Encoding.UTF8.GetString(name)}", "it is not a layer", Repairable: true));
            }
        }

        findings.AddRange(there.Union(recorded)
            .Where(chain => !state.Kept.Contains(Lease.Item(chain)))
            .Select(static chain => new Finding(Layer, chain.ToString(), "no image needs it", Repairable: true)));
        foreach (ChainId chain in state.Store.Catalog.NeededLayers())
        {
            bool isLost = recorded.Contains(chain) && !there.Contains(chain);
            if (isLost || !recorded.Contains(chain))
            {
                findings.Add(Broken(state, chain, isLost ? "its files are not in the store" : "it is not unpacked"));
            }
        }

        return findings;
    }

    /// <summary>Removes foreign files and the records of lost layers; unneeded layers are for the collector.</summary>
    public static void Repair(StoreState state, IReadOnlyList<Finding> findings)
    {
        using Fd? layers = state.TryOpen("layers");
        foreach (Finding finding in findings)
        {
            if (finding.Kind == Foreign && finding.Subject.StartsWith("layers/", StringComparison.Ordinal))
            {
                state.Remove(finding.Subject);
            }
            else if (finding.Kind == Layer && Digest.TryParse(finding.Subject, out Digest digest))
            {
                ForgetLost(state, layers, new ChainId(digest));
            }
        }
    }

    /// <summary>Then the next load of its image unpacks it again. Inside a transaction, as <see cref="Collector"/> decides.</summary>
    private static void ForgetLost(StoreState state, Fd? layers, ChainId chain) => state.Store.Catalog.Write(durable: true, () =>
    {
        bool isThere = layers?.TryStatus(Encoding.ASCII.GetBytes(chain.Digest.Hex)) is not null;
        if (!isThere)
        {
            state.Store.Catalog.RemoveTree(chain);
        }

        return true;
    });

    private static Finding Broken(StoreState state, ChainId chain, string what)
    {
        string users = state.Users(Lease.Item(chain));
        return new(
            Layer,
            chain.ToString(),
            $"{what}; needed by {users}",
            Repairable: true,
            $"--repair forgets what is lost; then load {users} again (tare cannot fetch it by itself yet)");
    }

    private static bool TryParse(byte[] name, out ChainId chain)
    {
        string hex = Encoding.UTF8.GetString(name);
        HashAlgorithm algorithm = hex.Length == 64 ? HashAlgorithm.Sha256 : HashAlgorithm.Sha512;
        bool isChain = Digest.TryParseHex(algorithm, hex, out Digest digest);
        chain = new(digest);
        return isChain;
    }
}
