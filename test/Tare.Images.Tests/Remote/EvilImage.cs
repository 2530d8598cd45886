// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Images.Tests.Archive;
using Tare.Oci;

namespace Tare.Images.Tests.Remote;

/// <summary>An image as an honest registry would serve it, for scripts to lie about.</summary>
internal sealed class EvilImage
{
    private readonly Dictionary<string, (byte[] Bytes, string Type)> _content = [];

    /// <param name="layers">tars, stored as they are, bottom first</param>
    public EvilImage(params byte[][] layers)
        : this(layers.Aggregate(new Sample(), static (s, layer) => s.Layer(layer)), layers)
    {
    }

    private EvilImage(Sample sample, byte[][] layers)
    {
        Layers = layers;
        Manifest = sample.ManifestBytes();
        Config = sample.ConfigBytes();
        foreach (byte[] blob in (IEnumerable<byte[]>)[Config, .. layers])
        {
            _content["/v2/app/blobs/" + Digest.Of(blob)] = (blob, "application/octet-stream");
        }
        _content["/v2/app/manifests/1"] = (Manifest, MediaType.OciManifest);
        _content["/v2/app/manifests/" + Digest.Of(Manifest)] = (Manifest, MediaType.OciManifest);
        _content["/v2/app/tags/list"] = (Encoding.ASCII.GetBytes("""{"name":"app","tags":["1"]}"""), "application/json");
    }

    public byte[][] Layers { get; }

    public byte[] Manifest { get; }

    public byte[] Config { get; }

    public static EvilImage Usual { get; } = new(Sample.Tar(("hello", new byte[300_000])));

    /// <summary>One layer, packed by gzip.</summary>
    public static EvilImage Packed(byte[] tar) => new(new Sample().Layer(tar, MediaType.OciLayerGzip), [Sample.Gzip(tar)]);

    public string LayerPath(int layer = 0) => "/v2/app/blobs/" + Digest.Of(Layers[layer]);

    /// <summary>Ranges too.</summary>
    public EvilAnswer Serve(EvilRequest request)
    {
        if (!_content.TryGetValue(request.Path.Split('?')[0], out (byte[] Bytes, string Type) found))
        {
            return new EvilAnswer(404, "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\"}]}"u8.ToArray());
        }
        if (request.Range is { } range)
        {
            int from = int.Parse(range["bytes=".Length..].TrimEnd('-'), null);
            return new EvilAnswer(206, found.Bytes[from..], ("Content-Range", $"bytes {from}-{found.Bytes.Length - 1}/{found.Bytes.Length}"));
        }
        return new EvilAnswer(200, found.Bytes, ("Content-Type", found.Type));
    }

    /// <summary>Serves all honestly but the layer.</summary>
    public Func<EvilRequest, EvilAnswer> But(Func<EvilRequest, EvilAnswer> layer) =>
        request => request.Path == LayerPath() ? layer(request) : Serve(request);
}
