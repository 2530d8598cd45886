// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;
using Tare.Build.Ignore;
using Tare.Build.Sources;

namespace Tare.Build.Graph;

internal sealed partial class Lowering
{
    /// <summary>The patterns of the main context's ignore file.</summary>
    private PatternList Ignored => field ??= new PatternList(_request.Ignored);

    private Vertex ImageVertex(BaseRequest request, BaseImage found, string name, SourceRange range) =>
        Unique(new Vertex(
            new ImageOperation(request.Image.WithDigest(found.Digest), request.Platform), [], name, range));

    /// <summary>The build's own context when the name is empty; a named one is found by its name, or by its location when
    /// that is no folder of this host.</summary>
    private Vertex ContextVertex(string name, string? location, SourceRange range)
    {
        bool isRemote = location is not null && RemoteContext.IsRemote(location);
        return Unique(new Vertex(
            new ContextOperation(name, isRemote ? location : null, name.Length == 0 ? _request.Ignored : []),
            [],
            name.Length == 0 ? "load build context" : $"load build context {name}",
            range));
    }
}
