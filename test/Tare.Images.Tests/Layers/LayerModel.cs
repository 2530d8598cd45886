// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Hostile;

namespace Tare.Images.Tests.Layers;

/// <summary>What layers mean, without a file system: a tree in memory on which entries act one after the other.</summary>
internal sealed class LayerModel
{
    private const int MaxLinks = 40;
    private readonly Node _root;
    private readonly RawTar _tar = new();
    private int _links;
    private long _time;

    /// <summary>An empty image, before its first layer.</summary>
    public LayerModel()
        : this(new Node('d', "") { Mode = 0x1ED })
    {
    }

    private LayerModel(Node root) => _root = root;

    /// <summary>The archive of the entries since <see cref="Begin"/>.</summary>
    public byte[] Tar => _tar.Cut();

    /// <summary>A new layer on top of this image; everything that is there now is below it.</summary>
    public LayerModel Begin()
    {
        Node copy = _root.Copy(new Dictionary<Node, Node>(ReferenceEqualityComparer.Instance));
        copy.Visit(n => n.IsHere = false);
        return new LayerModel(copy);
    }

    /// <summary>False when the entry must be refused; the layer ends with it.</summary>
    public bool TryAdd(Random random)
    {
        string kind = Pick(random, "file", "file", "file", "dir", "dir", "link", "hard", "fifo", "white", "opaque");
        string path = Path(random);
        _time = random.Next(1, 1000);
        var header = new RawHeader(Spell(random, path), '0')
        {
            Time = _time,
            Uid = random.Next(3),
            Gid = random.Next(3),
            Mode = 0x100 | random.Next(0x1000),
        };
        var node = new Node('f', "") { Mode = Mode(header), Owner = Owner(header), Time = _time };
        switch (kind)
        {
            case "file":
                string data = random.Next(100).ToString(CultureInfo.InvariantCulture);
                header.Size = data.Length;
                _tar.Add(header, RawTar.Latin(data));
                return Try(() => Put(path, node with { Text = data }));
            case "dir":
                header.Type = '5';
                _tar.Add(header);
                return Try(() => PutDirectory(path, node));
            case "link":
                header.Type = '2';
                string target = Pick(random, "a", "b", "../a", "a/b", "/", "/b", "b/../c", "..", "./c/", "nowhere", "../../b");
                header.Link = target;
                _tar.Add(header);
                return Try(() => Put(path, node with { Kind = 'l', Text = target, Mode = 0x1FF }));
            case "fifo":
                header.Type = '6';
                _tar.Add(header);
                return Try(() => Put(path, node with { Kind = 'p' }));
            case "hard":
                header.Type = '1';
                string existing = Path(random);
                header.Link = existing;
                _tar.Add(header);
                return Try(() => Link(path, existing));
            default:
                string parent = path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : "";
                string name = path[(parent.Length == 0 ? 0 : parent.Length + 1)..];
                header.Name = $"{parent}/.wh.{(kind == "white" ? name : ".wh..opq")}";
                _tar.Add(header);
                return Try(() => Hide(parent, kind == "white" ? name : null));
        }
    }

    /// <summary>In the form of <see cref="ScratchTree.Describe"/>.</summary>
    public SortedDictionary<string, string> Describe()
    {
        SortedDictionary<string, string> lines = new(StringComparer.Ordinal) { ["."] = _root.Line };
        Dictionary<Node, string> seen = new(ReferenceEqualityComparer.Instance);
        Describe(_root, "", lines, seen);
        return lines;
    }

    private static void Describe(Node directory, string prefix, SortedDictionary<string, string> lines, Dictionary<Node, string> seen)
    {
        foreach ((string name, Node node) in directory.Children)
        {
            string path = prefix + name;
            lines[path] = node.Line + (node.Kind != 'd' && !seen.TryAdd(node, path) ? $" = {seen[node]}" : "");
            Describe(node, path + "/", lines, seen);
        }
    }

    private void Put(string path, Node node) => Enter(Parent(path)).Children[Name(path)] = node;

    private void PutDirectory(string path, Node node)
    {
        Node parent = Enter(Parent(path));
        if (parent.Children.TryGetValue(Name(path), out Node? old) && old.Kind == 'd')
        {
            (old.Mode, old.Owner, old.Time, old.IsHere) = (node.Mode, node.Owner, node.Time, true);
            return;
        }

        parent.Children[Name(path)] = node with { Kind = 'd' };
    }

    private void Link(string path, string existing)
    {
        Node from = Enter(Parent(existing), create: false);
        if (!from.Children.TryGetValue(Name(existing), out Node? target) || target.Kind == 'd')
        {
            throw new RefusedException();
        }

        if (!target.IsHere)
        {
            // brought up: the other names of the lower file do not follow
            target = target with { IsHere = true };
            from.Children[Name(existing)] = target;
        }

        Node to = Enter(Parent(path));
        bool gone = false;
        if (to.Children.TryGetValue(Name(path), out Node? old))
        {
            old.Visit(n => gone |= n == from);
        }

        to.Children[Name(path)] = gone ? throw new RefusedException() : target;
    }

    private void Hide(string parent, string? name)
    {
        Node directory = Enter(parent);
        if (name is null)
        {
            directory.Prune();
        }
        else if (directory.Children.TryGetValue(name, out Node? node))
        {
            node.Prune();
            if (!node.IsHere)
            {
                directory.Children.Remove(name);
            }
        }
    }

    private Node Enter(string path, bool create = true)
    {
        _links = 0;
        List<Node> way = [_root];
        Walk(way, path, create);
        return way[^1];
    }

    private void Walk(List<Node> way, string path, bool create)
    {
        foreach (string name in path.Split('/').Where(n => n is not ("" or ".")))
        {
            if (name == "..")
            {
                way.RemoveAt(way.Count > 1 ? way.Count - 1 : throw new RefusedException());
                continue;
            }

            // a lower file gives way to the directory that an entry needs; one of this layer does not
            if (!way[^1].Children.TryGetValue(name, out Node? next) || (next is { IsHere: false, Kind: not ('d' or 'l') } && create))
            {
                next = create ? new Node('d', "") { Mode = 0x1ED, Time = _time } : throw new RefusedException();
                way[^1].Children[name] = next;
            }

            if (next.Kind == 'l')
            {
                Follow(way, next.Text);
                continue;
            }

            next.IsHere = next.Kind == 'd' ? true : throw new RefusedException();
            way.Add(next);
        }
    }

    private void Follow(List<Node> way, string target)
    {
        if (++_links > MaxLinks)
        {
            throw new RefusedException();
        }

        if (target.StartsWith('/'))
        {
            way.RemoveRange(1, way.Count - 1);
        }

        Walk(way, target, create: false);
    }

    private static bool Try(Action act)
    {
        try
        {
            act();
            return true;
        }
        catch (RefusedException)
        {
            return false;
        }
    }

    private static string Parent(string path) => path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : "";

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Path(Random random) =>
        string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pick(random, "a", "b", "c")));

    private static string Spell(Random random, string path) =>
        Pick(random, path, path, "/" + path, "./" + path, path.Replace("/", "/.//", StringComparison.Ordinal));

    private static string Pick(Random random, params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];

    private static uint Mode(RawHeader header) => Convert.ToUInt32(System.Text.Encoding.ASCII.GetString(header.Block, 100, 7), 8);

    private static string Owner(RawHeader header) => $"{(char)header.Block[114]}:{(char)header.Block[122]}";

    private sealed class RefusedException : Exception;

    private sealed record Node(char Kind, string Text)
    {
        public char Kind { get; init; } = Kind;

        public string Text { get; init; } = Text;

        public uint Mode { get; set; }

        public string Owner { get; set; } = "0:0";

        public long Time { get; set; }

        /// <summary>The present layer made or touched it.</summary>
        public bool IsHere { get; set; } = true;

        public SortedDictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);

        public string Line => string.Create(
            CultureInfo.InvariantCulture,
            $"{KindName} {Convert.ToString(Mode, 8)} {Owner} {Time}.000000000 {(Kind == 'f' ? $"'{Text}'" : Text)}");

        private string KindName => Kind switch { 'd' => "Directory", 'l' => "Symlink", 'p' => "Fifo", _ => "Regular" };

        public Node Copy(Dictionary<Node, Node> copies)
        {
            if (!copies.TryGetValue(this, out Node? copy))
            {
                copies[this] = copy = new Node(Kind, Text) { Mode = Mode, Owner = Owner, Time = Time };
                foreach ((string name, Node child) in Children)
                {
                    copy.Children[name] = child.Copy(copies);
                }
            }

            return copy;
        }

        /// <summary>Takes away what lower layers have below this.</summary>
        public void Prune()
        {
            foreach ((string name, Node child) in Children.ToList())
            {
                child.Prune();
                if (!child.IsHere)
                {
                    Children.Remove(name);
                }
            }
        }

        public void Visit(Action<Node> action)
        {
            action(this);
            foreach (Node child in Children.Values)
            {
                child.Visit(action);
            }
        }

        public bool Equals(Node? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }
}
