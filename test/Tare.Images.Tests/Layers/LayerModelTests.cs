// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Images.Layers;
using Tare.Images.Snapshots;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Tests.Layers;

[Trait("ring", "kernel")]
public sealed class LayerModelTests
{
    private const int Rounds = 100;
    private const int Layers = 3;
    private const int MaxEntries = 14;

    [Fact]
    public void Random_layers_under_overlayfs_look_as_the_model_says()
    {
        int refused = 0;
        for (int seed = 1; seed <= Rounds; seed++)
        {
            refused += Round(new Random(seed), $"seed {seed}");
        }

        Assert.True(refused > Rounds, "the kit of entries should be refused now and then");
    }

    /// <summary>Stacks layers; answers how many others were refused on the way, as they had to be.</summary>
    private static int Round(Random random, string seed)
    {
        using ScratchTree scratch = new();
        using Root empty = scratch.Make("empty");
        List<Root> lowers = [];
        LayerModel below = new();
        int refused = 0;
        try
        {
            while (lowers.Count < Layers)
            {
                using Root? parents = lowers.Count == 0 ? null : View(lowers, empty);
                Root target = scratch.Make($"{lowers.Count}.{refused}");
                LayerModel model = below.Begin();
                bool good = Fill(model, random);
                if (!Apply(model.Tar, target, parents, good, seed))
                {
                    target.Dispose();
                    refused++;
                    continue;
                }

                lowers.Insert(0, target);
                using Root view = View(lowers, empty);
                AssertSame(model.Describe(), ScratchTree.Describe(view), $"{seed}, layer {lowers.Count} of\n{List(model.Tar)}");
                below = model;
            }

            return refused;
        }
        finally
        {
            lowers.ForEach(l => l.Dispose());
        }
    }

    private static bool Fill(LayerModel model, Random random)
    {
        for (int entries = random.Next(1, MaxEntries); entries > 0; entries--)
        {
            if (!model.TryAdd(random))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Apply(byte[] tar, Root target, Root? parents, bool good, string where)
    {
        try
        {
            LayerWriter.Apply(new MemoryStream(tar), target, parents, LayerLimits.Default, TestContext.Current.CancellationToken);
            Assert.True(good, $"{where}: applied, but the model refuses the last entry of\n{List(tar)}");
            return true;
        }
        catch (TareException e)
        {
            Assert.False(good, $"{where}: {e.Message}\n{List(tar)}");
            return false;
        }
    }

    private static string List(byte[] tar)
    {
        using TarReader reader = new(new MemoryStream(tar));
        StringBuilder text = new();
        while (reader.Next())
        {
            TarEntry e = reader.Entry;
            text.AppendLine(CultureInfo.InvariantCulture, $"{e.Type} {ByteText.Quote(e.Name)} {ByteText.Quote(e.Link)} {e.ModifyTime.Seconds}");
        }

        return text.ToString();
    }

    private static Root View(List<Root> lowers, Root empty) => Root.From(LayerView.Mount([.. lowers.Select(l => l.Fd)], empty.Fd));

    private static void AssertSame(SortedDictionary<string, string> want, SortedDictionary<string, string> got, string where)
    {
        string Text(SortedDictionary<string, string> tree) => string.Join('\n', tree.Select(l => $"{l.Key}: {l.Value}"));
        Assert.True(want.SequenceEqual(got), $"{where}\nwant\n{Text(want)}\ngot\n{Text(got)}");
    }
}
