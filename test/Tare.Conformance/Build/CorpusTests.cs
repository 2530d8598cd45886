// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance.Build;

/// <summary>The corpus of Dockerfiles, built: configuration, history and files are those that docker buildx made of it.</summary>
/// <remarks>The goldens are docker's own: <c>eng/builds</c> writes them, and says where docker would write others.</remarks>
[Trait("ring", "kernel")]
public sealed class CorpusTests(CorpusGround ground) : IClassFixture<CorpusGround>
{
    private static readonly string Goldens = Path.Combine(TareBinary.Repository, "test/Tare.Conformance/Build/goldens");

    /// <summary>What the frontend in docker 28 does not know: read by people.</summary>
    private static readonly string[] NotDockers = ["copy-parents"];

    public static TheoryData<string> Cases =>
        new(CorpusGround.Names.Where(static name => name != "add-git" && (Subject.Reference is null || !NotDockers.Contains(name))));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Becomes_the_image_that_docker_makes_of_it(string name)
    {
        string golden = Path.Combine(Goldens, name + ".txt");

        string shape = ground.ShapeOf(name);

        if (Environment.GetEnvironmentVariable("TARE_BLESS") == "1" && (Subject.Reference is not null || NotDockers.Contains(name)))
        {
            Directory.CreateDirectory(Goldens);
            File.WriteAllText(golden, shape);
        }

        Assert.Equal(File.ReadAllText(golden), shape);
    }
}
