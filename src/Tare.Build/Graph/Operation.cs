// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Sources;
using Tare.Oci;

namespace Tare.Build.Graph;

/// <summary>What a vertex does: a closed set.</summary>
internal abstract record Operation
{
    /// <summary>Writes everything on which the result depends, beside the inputs.</summary>
    public abstract void Write(DefinitionWriter writer);
}

/// <summary>The file system of an image.</summary>
/// <param name="Image">with the digest when it is known: then only that counts, not the name</param>
/// <param name="Platform">which of a list is meant</param>
internal sealed record ImageOperation(Reference Image, Platform Platform) : Operation
{
    public override void Write(DefinitionWriter writer)
    {
        writer.Add("image");
        writer.Add(Image.Digest?.ToString() ?? Image.ToString());
        writer.Add(Platform.ToString());
    }
}

/// <summary>Files of a context: the build's own, or a named one.</summary>
/// <param name="Name">empty for the build's own</param>
/// <param name="Location">of a named one, as <c>--build-context</c> has it, unless it is a folder of this host: those
/// differ by content alone</param>
/// <param name="Ignored">patterns of its ignore file</param>
internal sealed record ContextOperation(string Name, string? Location, IReadOnlyList<string> Ignored) : Operation
{
    public override void Write(DefinitionWriter writer)
    {
        writer.Add("context");
        writer.Add(Name);
        writer.Add(Location is null ? null : RemoteText.WithoutPasswords(Location));
        writer.Add(Ignored);
    }
}

/// <summary>One file from a URL.</summary>
/// <param name="Url">http or https</param>
/// <param name="FileName">what it is called in the result</param>
/// <param name="Checksum">the digest that it must have, or null</param>
internal sealed record RemoteFileOperation(string Url, string FileName, string? Checksum) : Operation
{
    public override void Write(DefinitionWriter writer)
    {
        writer.Add("file");
        writer.Add(Url);
        writer.Add(FileName);
        writer.Add(Checksum);
    }
}

/// <summary>A checkout of a git repository.</summary>
/// <param name="Source">remote, ref, folder</param>
/// <param name="KeepsGitDirectory">.git stays</param>
/// <param name="Checksum">the commit that it must be, or null</param>
internal sealed record GitOperation(GitReference Source, bool KeepsGitDirectory, string? Checksum) : Operation
{
    public override void Write(DefinitionWriter writer)
    {
        writer.Add("git");
        writer.Add(Source.Remote);
        writer.Add(Source.Ref);
        writer.Add(Source.Folder);
        writer.Add(Source.HasSubmodules);
        writer.Add(KeepsGitDirectory);
        writer.Add(Checksum);
    }
}

/// <summary>WORKDIR: makes a folder with its parents when it is not there. When it is, there is no layer.</summary>
/// <param name="Path">absolute</param>
/// <param name="User">who owns what is made; null for root</param>
internal sealed record MakeFolderOperation(string Path, string? User) : Operation
{
    public override void Write(DefinitionWriter writer)
    {
        writer.Add("folder");
        writer.Add(Path);
        writer.Add(User);
    }
}
