// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Cache;
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Images.Building;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Build.Steps;

/// <summary>COPY and ADD.</summary>
/// <remarks>Two keys lead to its record: the cheap one names inputs as a whole, the other one only what is taken of them.
/// The cheap one exists when no input is a folder of this host.</remarks>
internal sealed class TransferStep(
    SolveContext context, TransferOperation operation, IReadOnlyList<VertexResult> inputs, CancellationToken ct) : IDisposable
{
    private readonly Dictionary<int, InputTree> _trees = [];
    private FileFacts? _files;

    private VertexResult.Layered Target => (VertexResult.Layered)inputs[0];

    /// <summary>Null when it takes a look to know what the inputs are.</summary>
    public string? CheapKey()
    {
        string?[] identities = [.. inputs.Select(static input => input switch
        {
            VertexResult.Layered layered => layered.Identity,
            VertexResult.Sourced sourced => sourced.Identity,
            _ => null,
        })];
        return identities.Contains(null) ? null : StepKey.Of(operation, context.Time, writer =>
        {
            writer.Add("whole");
            writer.Add([.. identities.OfType<string>()]);
        });
    }

    /// <summary>Both keys, each computed when it is asked for.</summary>
    public IEnumerable<string> Keys()
    {
        if (CheapKey() is { } cheap)
        {
            yield return cheap;
        }

        yield return ContentKey();
    }

    /// <summary>What <see cref="ContentKey"/> looked at.</summary>
    public StepInputs Inputs() => OperationFacts.Of(operation, [Target.Identity], context.Time, [], _files);

    public string ContentKey() => StepKey.Of(operation, context.Time, writer =>
    {
        _files = new FileFacts();
        writer.Add("content");
        writer.Add(Target.Identity);
        foreach (TransferItem item in operation.Items)
        {
            writer.Add("item");
            if (item.Input is { } input)
            {
                InputTree tree = Tree(input);
                new Selection(tree, operation.Excludes, new ContentDigest(tree, writer, _files, item.Source), ct).Visit(item);
            }
        }
    });

    public StoredLayer Run() => LayerStep.Run(context, Target, root =>
    {
        (uint Uid, uint Gid)? owner = operation.Owner is { } text ? Owners.OfFiles(root, text) : null;
        foreach (TransferItem item in operation.Items)
        {
            Copy(item, new CopyTarget(root, operation.Destination, context.Time.FileTime)
            {
                Uid = owner?.Uid,
                Gid = owner?.Gid,
                Mode = operation.Mode is null ? null : new ModeChange(operation.Mode),
                KeepsParents = item.Below is not null,
            });
        }

        return true;
    }, ct)!;

    public void Dispose()
    {
        foreach (InputTree tree in _trees.Values)
        {
            tree.Dispose();
        }
    }

    private void Copy(TransferItem item, CopyTarget target)
    {
        if (item.Input is not { } input)
        {
            using var text = new TreeCopier(target, Tree(0));
            text.Text(item.Source, item.Content ?? "");
            return;
        }

        InputTree tree = Tree(input);
        using var copier = new TreeCopier(target, tree);
        ISelectionVisitor visitor = item.Unpacks ? new Unpacker(context.Store, copier, target, ct) : copier;
        new Selection(tree, operation.Excludes, visitor, ct).Visit(item);
    }

    private InputTree Tree(int input)
    {
        if (!_trees.TryGetValue(input, out InputTree? tree))
        {
            tree = Open(context, inputs[input], ct);
            _trees.Add(input, tree);
        }

        return tree;
    }

    /// <summary>The files of an input; the caller disposes.</summary>
    public static InputTree Open(SolveContext context, VertexResult input, CancellationToken ct) => input switch
    {
        VertexResult.Layered layered => new InputTree(StepFolder.View(context.Store, layered.Layers), null, IsContext: false),
        VertexResult.Sourced sourced => sourced.Open(ct),
        _ => throw new TareException(ErrorKind.Internal, "an input that is no tree of files"),
    };
}
