// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Graph;

/// <summary>COPY and ADD: files into input 0.</summary>
/// <param name="Items">in order; the later wins</param>
/// <param name="Destination">absolute; a slash at its end means a folder</param>
internal sealed record TransferOperation(IReadOnlyList<TransferItem> Items, string Destination) : Operation
{
    /// <summary><c>user[:group]</c>, names or numbers, looked up in input 0; null keeps 0:0 for files of a context,
    /// and what they have for those of a stage.</summary>
    public string? Owner { get; init; }

    /// <summary>Octal or symbolic; null keeps what the files have.</summary>
    public string? Mode { get; init; }

    /// <summary>Patterns, by the rules of .dockerignore, that are left out below each source.</summary>
    public IReadOnlyList<string> Excludes { get; init; } = [];

    /// <summary><c>--link</c>: the result does not depend on input 0, so its layer can be reused on another.</summary>
    public bool IsLinked { get; init; }

    public override void Write(DefinitionWriter writer)
    {
        writer.Add("transfer");
        writer.Add(Destination);
        writer.Add(Owner);
        writer.Add(Mode);
        writer.Add(Excludes);
        writer.Add(IsLinked);
        writer.Add((long)Items.Count);
        foreach (TransferItem item in Items)
        {
            item.Write(writer);
        }
    }
}

/// <summary>One source of COPY or ADD.</summary>
/// <param name="Input">the number of the input; null for text of the Dockerfile</param>
/// <param name="Source">absolute inside the input, wildcards allowed; the file's name for text</param>
internal sealed record TransferItem(int? Input, string Source)
{
    /// <summary>The text, when it stands in the Dockerfile: a file of mode 0644.</summary>
    public string? Content { get; init; }

    /// <summary>An archive is taken apart.</summary>
    public bool Unpacks { get; init; }

    /// <summary>Wildcards count and links are followed, for files of a context, stage or image.</summary>
    public bool IsPattern { get; init; }

    /// <summary>With <c>--parents</c>: what is taken below <see cref="Source"/>, with its folders.</summary>
    public string? Below { get; init; }

    /// <summary>With <c>--parents</c>: the path that has to exist, or null.</summary>
    public string? Required { get; init; }

    public void Write(DefinitionWriter writer)
    {
        writer.Add(Input ?? -1L);
        writer.Add(Source);
        writer.Add(Content);
        writer.Add(Unpacks);
        writer.Add(IsPattern);
        writer.Add(Below);
        writer.Add(Required);
    }
}
