// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Layout;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Images.Archive;

/// <summary>Writes images of a store as one archive.</summary>
internal sealed class Saving(ImageStore store, Platform? platform)
{
    /// <summary>All or nothing is the caller's matter: a failure leaves the output cut short.</summary>
    public async Task RunAsync(IReadOnlyList<string> names, Stream output, CancellationToken ct)
    {
        using Lease lease = Lease.Begin(store.Folder, store.Catalog);
        List<OfferedImage> chosen = Choose(names);
        lease.Add(chosen.SelectMany(c => store.ContentsOf(c.Root.Digest)));
        using var source = new StoreSource(store);
        using var sink = new LayoutSink(new TarOutput(output));
        foreach (OfferedImage image in chosen)
        {
            await Copy.RunAsync(source, sink, image, new PlatformFilter(platform), CopyLimits.Default, ct);
        }
        sink.Finish();
    }

    /// <summary>One entry for each root, with the names by which it was asked for, in the order of the question.</summary>
    private List<OfferedImage> Choose(IReadOnlyList<string> names)
    {
        List<OfferedImage> chosen = [];
        foreach (string text in names)
        {
            foreach ((Digest root, Reference? name) in Roots(text))
            {
                int at = chosen.FindIndex(c => c.Root.Digest == root);
                if (at < 0)
                {
                    at = chosen.Count;
                    chosen.Add(new OfferedImage(store.Catalog.FindRoot(root)!, []));
                }
                if (name is not null && !chosen[at].Names.Contains(name))
                {
                    chosen[at] = chosen[at] with { Names = [.. chosen[at].Names, name] };
                }
            }
        }
        return chosen;
    }

    /// <summary>A bare repository means all its tags, as with docker.</summary>
    private List<(Digest Root, Reference? Name)> Roots(string text)
    {
        bool isBare = Reference.TryParse(text, out Reference? name)
            && name.Digest is null && !text.AsSpan(text.LastIndexOf('/') + 1).Contains(':');
        if (isBare)
        {
            List<(Digest, Reference?)> tags = [.. store.Catalog.Names()
                .Select(static n => (n.Root, Name: Reference.Parse(n.Name)))
                .Where(n => n.Name.Name == name!.Name && n.Name.Tag is not null)
                .Select(static n => (n.Root, (Reference?)n.Name))];
            if (tags.Count > 0)
            {
                return tags;
            }
        }
        StoredImage image = store.Get(text, platform);
        return [(image.Root, image.Name)];
    }
}
