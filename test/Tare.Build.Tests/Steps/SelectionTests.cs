// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Graph;
using Tare.Build.Steps;

namespace Tare.Build.Tests.Steps;

public sealed class SelectionTests
{
    [Fact]
    public void A_folder_is_shown_whole_in_order_of_names()
    {
        using TempTree tree = new TempTree().With("d/b", "").With("d/a", "").With("d/sub/c", "");

        Assert.Equal("[ ( a b sub( c ) )", Shown(tree, new TransferItem(0, "/d") { IsPattern = true }));
    }

    [Fact]
    public void Each_path_that_fits_wildcards_is_a_source()
    {
        using TempTree tree = new TempTree().With("one.c", "").With("two.c", "").With("x.h", "").With("dir.c/in", "");

        Assert.Equal("[ ( in ) [ one.c [ two.c", Shown(tree, new TransferItem(0, "/*.c") { IsPattern = true }));
    }

    [Fact]
    public void A_folder_that_is_ignored_appears_for_its_exceptions_only()
    {
        using TempTree tree = new TempTree().With("a/x", "").With("a/keep", "").With("b/x", "").With("c", "");

        Assert.Equal("[ ( a( keep ) c )", Shown(tree, new TransferItem(0, "/") { IsPattern = true }, ["a", "b", "!a/keep"]));
    }

    [Fact]
    public void Excludes_count_below_the_source()
    {
        using TempTree tree = new TempTree().With("d/a.log", "").With("d/sub/b.log", "").With("d/sub/c", "");

        Assert.Equal("[ ( sub( c ) )", Shown(tree, new TransferItem(0, "/d") { IsPattern = true }, excludes: ["**/*.log"]));
        Assert.Equal("[ ( sub( b.log c ) )", Shown(tree, new TransferItem(0, "/d") { IsPattern = true }, excludes: ["*.log"]));
    }

    [Fact]
    public void With_parents_the_folders_above_are_shown_too()
    {
        using TempTree tree = new TempTree().With("x/y/a", "").With("x/y/b", "").With("x/z/a", "");

        Assert.Equal(
            "[ ( x( y( a ) z( a ) ) )",
            Shown(tree, new TransferItem(0, "/") { IsPattern = true, Below = "x/*/a" }));
        Assert.Equal(
            "[ ( y( a b ) )",
            Shown(tree, new TransferItem(0, "/x") { IsPattern = true, Below = "y", Required = "/x/y" }));
    }

    [Fact]
    public void A_named_link_is_followed_and_one_in_a_folder_is_not()
    {
        using TempTree tree = new TempTree().With("d/a", "").Linked("l", "d").Linked("d/self", "a");

        Assert.Equal("[ ( a self )", Shown(tree, new TransferItem(0, "/l") { IsPattern = true }));
    }

    private static string Shown(TempTree context, TransferItem item, string[]? ignored = null, string[]? excludes = null)
    {
        using InputTree tree = context.Open(ignored ?? []);
        var recorder = new Recorder();
        new Selection(tree, excludes ?? [], recorder, default).Visit(item);
        return string.Join(' ', recorder.Words);
    }

    private sealed class Recorder : ISelectionVisitor
    {
        public List<string> Words { get; } = [];

        public void BeginSource(byte[] name, bool isFolder) => Words.Add("[");

        public void EnterFolder(in SelectedEntry folder) => Words.Add(folder.Path.Length == 0 ? "(" : folder.Path.Split('/')[^1] + "(");

        public void LeaveFolder() => Words.Add(")");

        public void File(in SelectedEntry file) => Words.Add(file.Path.Split('/')[^1]);
    }
}
