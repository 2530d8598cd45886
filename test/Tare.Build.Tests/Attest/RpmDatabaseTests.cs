// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using Tare.Build.Attest;

namespace Tare.Build.Tests.Attest;

/// <summary>A database that rpm 4.18 made of two packages of rpmbuild's; the headers stand on pages of their own.</summary>
public sealed class RpmDatabaseTests
{
    private const int Page = 4096;

    private static readonly byte[] Database = Unpacked();

    [Fact]
    public void Every_package_is_found_with_all_that_its_header_tells() => Assert.Equal(
        [
            new Package("rpm", "tare-hello", "1.2-3.fc40")
            {
                Architecture = "noarch", License = "MIT AND Apache-2.0", Maintainer = "Example Vendor",
                Homepage = "https://example.com/hello", Source = "tare-hello-1.2-3.fc40.src.rpm",
            },
            new Package("rpm", "tare-world", "1.2-3.fc40")
            {
                Architecture = "noarch", License = "MIT AND Apache-2.0", Maintainer = "Example Vendor", Epoch = "2",
                Homepage = "https://example.com/world", Source = "tare-world-1.2-3.fc40.src.rpm",
            },
        ],
        Packages(Database).OrderBy(static one => one.Name));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Wherever_bytes_are_wrong_the_walk_ends_in_time(int seed)
    {
        const int Rounds = 400, Changes = 12;
        var random = new Random(seed);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] hostile = [.. Database];
            for (int i = 0; i < Changes; i++)
            {
                // where pages and headers say where things are
                int at = (random.Next(hostile.Length / Page) * Page) + random.Next(random.Next(2) == 0 ? 128 : Page);
                hostile[at] = (byte)random.Next(256);
            }

            Assert.InRange(Packages(hostile).Count, 0, hostile.Length / Page);
        }
    }

    [Fact]
    public void A_file_that_ends_early_gives_what_is_there()
    {
        for (int length = 0; length < Database.Length; length += 1009)
        {
            Assert.InRange(Packages(Database[..length]).Count, 0, 2);
        }
    }

    [Fact]
    public void Pages_that_lead_to_themselves_are_visited_once()
    {
        byte[] hostile = [.. Database];

        // an interior page with 500 children, all of them itself
        const int Root = 2;
        Span<byte> page = hostile.AsSpan((Root - 1) * Page, Page);
        page.Clear();
        page[0] = 5;
        page[3] = 500 >> 8;
        page[4] = 500 & 0xFF;
        page[11] = Root;
        for (int i = 0; i < 500; i++)
        {
            page[12 + (2 * i)] = 4000 >> 8;
            page[13 + (2 * i)] = 4000 & 0xFF;
        }

        page[4003] = Root;

        Assert.Empty(Packages(hostile));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_header_of_rubbish_is_no_package_or_one_of_its_bytes(int seed)
    {
        byte[] header = TableFile.TryOpen(Reader(Database), Database.Length)!.Column("packages", 1).First();
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] hostile = [.. header.AsSpan(0, random.Next(header.Length))];
            for (int i = 0; i < 8 && hostile.Length > 0; i++)
            {
                hostile[random.Next(Math.Min(hostile.Length, 512))] = (byte)random.Next(256);
            }

            Assert.True(RpmHeader.Parse(hostile) is not { } package || package.Name.Length + package.Version.Length <= 2 * hostile.Length + 1);
        }
    }

    private static List<Package> Packages(byte[] file) => [.. PackageDatabase.Rpm(Reader(file), file.Length)];

    private static ReadAt Reader(byte[] file) => (buffer, offset) =>
    {
        int length = (int)Math.Clamp(file.Length - offset, 0, buffer.Length);
        file.AsSpan((int)Math.Min(offset, file.Length), length).CopyTo(buffer);
        return length;
    };

    private static byte[] Unpacked()
    {
        using var packed = new GZipStream(File.OpenRead(Path.Combine(CorpusFile.Root, "testdata", "packages", "rpmdb.sqlite.gz")), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        return bytes.ToArray();
    }
}
