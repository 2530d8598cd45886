// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Tare.Linux;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>The name that people give a container, or that we draw when they give none.</summary>
internal static class ContainerName
{
    private const int MaxLength = 255;

    private static readonly SearchValues<char> First =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private static readonly SearchValues<char> Rest =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    private const string Adjectives =
        "able agile amber ample arctic artful autumn blithe bold brave breezy bright brisk calm candid civil clear " +
        "clever cosmic cosy crisp curious daring deft dewy eager early earnest easy elegant fabled fair fearless " +
        "festive fleet fluent fond frank fresh frosty gallant gentle giddy glad golden graceful grand hardy hasty " +
        "hearty honest humble idle ivory jolly jovial keen kind lively loyal lucid lunar mellow merry mild modest " +
        "neat nimble noble open patient placid plucky polite proud quick quiet rapid ready robust rosy rustic " +
        "serene sharp silent silver smooth snug solar solid spry steady stoic subtle sunny swift tender tidy " +
        "tranquil trusty upbeat vivid warm wise witty zesty";

    private const string People =
        "abel agnesi ampere archimedes babbage bach bardeen beaufort becquerel bernoulli bessel bohr boole born " +
        "bose boyle brahe cantor carnot cauchy celsius chandra chebyshev compton copernicus coulomb curie dalton " +
        "darwin davy descartes dijkstra dirac doppler edison einstein engelbart erdos euclid euler faraday fermat " +
        "fermi feynman fibonacci fourier franklin fresnel galilei galois gauss germain gibbs goedel goodall " +
        "hamilton hamming heisenberg herschel hertz hilbert hooke hopper hubble huygens hypatia jacobi joule " +
        "kelvin kepler khayyam knuth kovalevskaya lagrange lamarr laplace leavitt leibniz linnaeus lorentz " +
        "lovelace mach markov maxwell mayer meitner mendel mirzakhani nernst newton nobel noether ohm pascal " +
        "pasteur pauli planck poincare ptolemy ramanujan rayleigh riemann ritchie rutherford sagan shannon " +
        "somerville tesla thales torvalds turing volta watt weil wiener wilson yonath zuse";

    /// <summary>Two words and an underscore, as docker's names look; <paramref name="attempt"/> above 0 adds a digit.</summary>
    public static string Draw(int attempt)
    {
        Span<byte> random = stackalloc byte[5];
        Entropy.Fill(random);
        string name = $"{Pick(Adjectives, random[..2])}_{Pick(People, random[2..4])}";
        return attempt == 0 ? name : $"{name}{random[4] % 10}";
    }

    /// <summary>Returns <paramref name="name"/> without docker's leading slash, or throws InvalidArgument.</summary>
    public static string Parse(string name)
    {
        string bare = name.StartsWith('/') ? name[1..] : name;
        bool valid = bare.Length is >= 2 and <= MaxLength
            && First.Contains(bare[0])
            && !bare.AsSpan(1).ContainsAnyExcept(Rest);
        return valid
            ? bare
            : throw new TareException(
                ErrorKind.InvalidArgument,
                $"invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    }

    private static string Pick(string words, ReadOnlySpan<byte> random)
    {
        int at = ((random[0] << 8) | random[1]) % words.Length;
        int start = words.LastIndexOf(' ', at) + 1;
        int end = words.IndexOf(' ', start);
        return end < 0 ? words[start..] : words[start..end];
    }
}
