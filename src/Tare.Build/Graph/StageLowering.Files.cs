// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Check;
using Tare.Build.Dockerfile;
using Tare.Build.Ignore;
using Tare.Build.Words;
using Tare.Oci;

namespace Tare.Build.Graph;

internal sealed partial class Lowering
{
    internal sealed partial class StageLowering
    {
        private void Workdir(WorkdirInstruction workdir, bool isTrigger)
        {
            string path = Expand(workdir.Path, workdir);
            if (!_hasFolder && !path.StartsWith('/'))
            {
                Warn(
                    Rules.WorkdirRelativePath, workdir,
                    $"Relative workdir \"{path}\" can have unexpected results if the base image changes");
            }

            _hasFolder = true;
            _folder = path.StartsWith('/') ? PathText.Rooted(path) : PathText.Rooted($"{_folder}/{path}");
            _config = _config with { WorkingDir = _folder };
            Vertex? vertex = _folder == "/" ? null : Add(
                new MakeFolderOperation(_folder, string.IsNullOrEmpty(_config.User) ? null : _config.User),
                [_root], workdir, $"WORKDIR {path}", isTrigger);
            _step += vertex is null ? 1 : 0;
            Remember($"WORKDIR {_folder}", vertex, workdir);
        }

        private void Transfer(TransferInstruction transfer, bool isTrigger)
        {
            Transferred expanded = ExpandedOf(transfer);
            List<Vertex?> inputs = [_root];
            List<TransferItem> items = [];
            StageBase? from = transfer is CopyInstruction { From: { } name }
                ? _lowering.Named(_source, name, Plan.Stage.Index)
                : null;
            foreach (string source in expanded.Sources)
            {
                items.Add(Item(transfer, expanded, source, from, inputs));
            }

            ExpansionStyle inText = new('\\') { IgnoresQuotes = true };
            foreach (Heredoc document in transfer.Documents)
            {
                CheckName(document, transfer);
                string content = document.Expands ? Expanded(document.Body, transfer, inText).Text : document.Body;
                Take(content.Length, transfer);
                items.Add(new TransferItem(null, document.Name) { Content = content });
            }

            TransferOperation operation = new(items, PathText.Resolve(_folder, expanded.Destination))
            {
                Owner = expanded.Owner,
                Mode = expanded.Mode,
                Excludes = transfer.Excludes,
                IsLinked = transfer.IsLinked,
            };
            string keyword = transfer is AddInstruction ? "ADD" : "COPY";
            Vertex vertex = Add(
                operation, inputs, transfer, keyword + transfer.Head.Text.ReplaceLineEndings(" ")[keyword.Length..], isTrigger);
            Remember(HistoryOf(keyword, transfer, expanded), vertex, transfer);
        }

        /// <summary>A document becomes a file of its name: that is no path.</summary>
        private void CheckName(Heredoc document, Instruction instruction)
        {
            if (document.Name is "." or ".." || document.Name.Contains('/'))
            {
                throw SourceError.At(
                    _source, instruction.Range, $"heredoc {Quoted.Text(document.Name)} is not the name of a file");
            }
        }

        private static string HistoryOf(string keyword, TransferInstruction transfer, Transferred expanded)
        {
            IEnumerable<string> words = [keyword];
            words = transfer is CopyInstruction { KeepsParents: true } ? words.Append("--parents") : words;
            words = expanded.Owner is null ? words : words.Append($"--chown={expanded.Owner}");
            words = expanded.Mode is null ? words : words.Append($"--chmod={expanded.Mode}");
            words = words.Concat(expanded.Sources).Concat(transfer.Documents.Select(static one => $"<<{one.Name}"));
            return string.Join(' ', words.Append(expanded.Destination)) + " # buildkit";
        }

        private Transferred ExpandedOf(TransferInstruction transfer)
        {
            string? mode = Named(transfer.Chmod, transfer);
            if (mode is not null && !FileModeText.IsValid(mode))
            {
                throw SourceError.At(
                    _source, transfer.Range, $"invalid chmod parameter: {Quoted.Text(mode)}",
                    "write octal digits up to 7777, or such as u=rwX,go=rX");
            }

            Transferred expanded = new(
                [.. transfer.Sources.Select(source => Expand(source.Text, transfer))],
                Expand(transfer.Destination.Text, transfer),
                Named(transfer.Chown, transfer),
                mode,
                transfer is AddInstruction add ? Named(add.Checksum, transfer) : null);
            Take(expanded.Sources.Sum(static source => source.Length), transfer);
            return expanded.Checksum is null || expanded.Sources.Count == 1 ? expanded
                : throw SourceError.At(_source, transfer.Range, "checksum can't be specified for multiple sources");
        }

        private string? Named(string? text, Instruction instruction) =>
            text is null ? null : Expand(text, instruction) is { Length: > 0 } value ? value : null;

        private TransferItem Item(
            TransferInstruction transfer, Transferred expanded, string source, StageBase? from, List<Vertex?> inputs)
        {
            AddInstruction? add = transfer as AddInstruction;
            if (GitOf(transfer, source) is { } git)
            {
                return add is null
                    ? throw SourceError.At(_source, transfer.Range, "source can't be a git ref for COPY", "ADD takes it")
                    : new TransferItem(InputOf(inputs, GitVertex(add, expanded, git)), "/");
            }

            if (IsRemote(source))
            {
                return add is null
                    ? throw SourceError.At(_source, transfer.Range, "source can't be a URL for COPY", "ADD takes it")
                    : RemoteItem(add, expanded, source, inputs);
            }

            if (expanded.Checksum is not null)
            {
                throw SourceError.At(_source, transfer.Range, "checksum requires HTTP(S) or Git sources");
            }

            if (from is null)
            {
                ReportIgnored(transfer, source);
            }

            Vertex? files = from is null
                ? _lowering.ContextVertex("", null, Place(transfer))
                : Resolve(from, Place(transfer));
            return FileItem(transfer, source, InputOf(inputs, files));
        }

        private TransferItem FileItem(TransferInstruction transfer, string source, int input)
        {
            try
            {
                bool unpacks = transfer is AddInstruction add && (add.Unpacks ?? true);
                if (transfer is not CopyInstruction { KeepsParents: true })
                {
                    _ = new CopyWildcard(source);
                    return new TransferItem(input, PathText.Rooted(source)) { IsPattern = true, Unpacks = unpacks };
                }

                ParentsSource parents = new(source);
                _ = new PatternList([parents.Pattern]);
                return new TransferItem(input, parents.Base)
                {
                    IsPattern = true,
                    Below = parents.Pattern,
                    Required = parents.Required,
                };
            }
            catch (FormatException malformed)
            {
                throw SourceError.At(_source, transfer.Range, $"pattern {Quoted.Text(source)}: {malformed.Message}");
            }
            catch (TareException malformed)
            {
                throw SourceError.At(_source, transfer.Range, malformed.Message, kind: malformed.Kind);
            }
        }

        private TransferItem RemoteItem(AddInstruction add, Transferred expanded, string url, List<Vertex?> inputs)
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Host.Length == 0)
            {
                throw SourceError.At(_source, add.Range, $"{Quoted.Text(url)} is not a URL");
            }

            if (expanded.Checksum is { } checksum && !Digest.TryParse(checksum, out _))
            {
                throw SourceError.At(
                    _source, add.Range, $"{Quoted.Text(checksum)} is not a digest", "write sha256: and 64 hex digits");
            }

            string path = Uri.UnescapeDataString(address.AbsolutePath);
            string name = path[(path.TrimEnd('/').LastIndexOf('/') + 1)..].TrimEnd('/');
            name = name is "" or "." or ".." || name.Any(char.IsControl) || name.Contains('/') ? "__unnamed__" : name;
            Vertex file = _lowering.Unique(new Vertex(
                new RemoteFileOperation(url, name, expanded.Checksum), [], $"ADD {url}", Place(add)));
            return new TransferItem(InputOf(inputs, file), "/" + name) { Unpacks = add.Unpacks ?? false };
        }

        private Vertex GitVertex(AddInstruction add, Transferred expanded, GitReference git)
        {
            if (add.KeepsGitDirectory is { } keeps && git.KeepsGitDirectory is { } said && keeps != said)
            {
                throw SourceError.At(_source, add.Range, "inconsistent keep-git-dir configuration");
            }

            if (expanded.Checksum is { } wanted && git.Checksum is { } given && wanted != given)
            {
                throw SourceError.At(_source, add.Range, $"checksum mismatch {Quoted.Text(wanted)} != {Quoted.Text(given)}");
            }

            GitOperation operation = new(
                git, git.KeepsGitDirectory ?? add.KeepsGitDirectory ?? false, git.Checksum ?? expanded.Checksum);
            return _lowering.Unique(new Vertex(operation, [], $"ADD {git.Remote}", Place(add)));
        }

        private GitReference? GitOf(TransferInstruction transfer, string source)
        {
            try
            {
                return GitReference.TryParse(source);
            }
            catch (FormatException malformed)
            {
                throw SourceError.At(_source, transfer.Range, $"git source {Quoted.Text(source)}: {malformed.Message}");
            }
        }

        private void ReportIgnored(TransferInstruction transfer, string source)
        {
            PatternList ignored = _lowering.Ignored;
            if (ignored.HasExceptions)
            {
                return;
            }

            string path = PathText.Clean(source);
            bool isRoot = path is "." or "/";
            if (isRoot
                ? ignored.Patterns.Any(static pattern => pattern.Text is "*" or "**" or "**/*")
                : ignored.Matches(path.TrimStart('/')))
            {
                Warn(
                    Rules.CopyIgnoredFile, transfer,
                    $"Attempting to {(transfer is AddInstruction ? "Add" : "Copy")} file \"{path}\" that is excluded by .dockerignore");
            }
        }

        private static bool IsRemote(string source) =>
            source.StartsWith("http://", StringComparison.Ordinal) || source.StartsWith("https://", StringComparison.Ordinal);

        /// <summary>COPY or ADD with its variables replaced.</summary>
        private sealed record Transferred(
            IReadOnlyList<string> Sources, string Destination, string? Owner, string? Mode, string? Checksum);
    }
}
