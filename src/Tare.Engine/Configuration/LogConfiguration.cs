// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci;

namespace Tare.Engine.Configuration;

/// <summary>Whether the output of a container is kept, and how much of it.</summary>
/// <param name="Enabled">false with the driver <c>none</c>: nothing is kept; the limits then say nothing</param>
/// <param name="MaxBytes">of one file, before the next one is begun; 0 is no limit</param>
/// <param name="MaxFiles">kept for one container, the one that is written to included</param>
/// <param name="Labels">names of the container's labels that go into each record; null: none</param>
/// <param name="Env">names of variables of its environment that do; null: none</param>
/// <param name="Compress">rotated files are packed with gzip</param>
/// <param name="LabelsRegex">what names of further labels look like; null: none</param>
/// <param name="EnvRegex">what names of further variables look like; null: none</param>
/// <param name="Tag">goes into each record too; see <see cref="LogTag"/></param>
internal sealed record LogConfiguration(
    bool Enabled,
    long MaxBytes,
    int MaxFiles,
    IReadOnlyList<string>? Labels = null,
    IReadOnlyList<string>? Env = null,
    bool Compress = false,
    string? LabelsRegex = null,
    string? EnvRegex = null,
    string? Tag = null)
{
    public const string JsonFile = "json-file";
    public const string None = "none";
    public const string MaxSizeOption = "max-size";
    public const string MaxFileOption = "max-file";
    public const string CompressOption = "compress";
    public const string LabelsOption = "labels";
    public const string EnvOption = "env";
    public const string LabelsRegexOption = "labels-regex";
    public const string EnvRegexOption = "env-regex";
    public const string TagOption = "tag";
    public const string ModeOption = "mode";
    public const string MaxBufferOption = "max-buffer-size";
    private const string Unknown =
        $"unknown for the {JsonFile} driver, which has {MaxSizeOption}, {MaxFileOption}, {CompressOption}, {LabelsOption}, "
        + $"{LabelsRegexOption}, {EnvOption}, {EnvRegexOption}, {TagOption}, {ModeOption}, {MaxBufferOption}";

    private const string Blocking = "blocking";
    private const string NonBlocking = "non-blocking";

    /// <summary>bytes</summary>
    public const long SmallestFile = 1000;

    /// <summary>bytes</summary>
    public const long LargestFile = 1L << 40;

    public const int MostFiles = 1000;

    /// <summary>What docker's json-file driver counts in, unlike its limits of memory.</summary>
    private const long Kilo = 1000;

    /// <summary>What it counts buffers in.</summary>
    private const long Kibi = 1024;

    /// <summary>Five files of 20 MB: an image cannot fill the disk unless somebody allows it.</summary>
    public static readonly LogConfiguration Default = new(true, 20_000_000, 5);

    /// <summary>As <c>--log-driver</c> takes it.</summary>
    public string Driver => Enabled ? JsonFile : None;

    /// <summary>What <c>--log-driver</c> and <c>--log-opt</c> ask for.</summary>
    /// <param name="driver">null or empty: that of <paramref name="fallback"/></param>
    /// <param name="options">option → value, as typed</param>
    /// <param name="fallback">what decides where nothing was said</param>
    /// <exception cref="TareException">InvalidArgument: no such driver or option, or the value is none</exception>
    public static LogConfiguration Parse(
        string? driver, IReadOnlyDictionary<string, string> options, LogConfiguration fallback)
    {
        LogConfiguration log = fallback;
        if (!string.IsNullOrEmpty(driver))
        {
            log = TryReadDriver(driver, out bool enabled) is { } reason
                ? throw new TareException(ErrorKind.InvalidArgument, $"log driver {Quoted.Text(driver)}: {reason}")
                : fallback with { Enabled = enabled };
        }

        if (driver == None && options.Count > 0)
        {
            throw new TareException(ErrorKind.InvalidArgument, "invalid logging opts for driver none");
        }

        foreach ((string option, string value) in options)
        {
            log = log.With(option, value);
        }

        if (options.ContainsKey(MaxBufferOption) && options.GetValueOrDefault(ModeOption) != NonBlocking)
        {
            throw new TareException(
                ErrorKind.InvalidArgument, $"{MaxBufferOption} option is only supported with '{ModeOption}={NonBlocking}'");
        }

        // docker keeps one file unless more are asked for; ours are five only beside our own size
        bool isOneFile = options.ContainsKey(MaxSizeOption) && !options.ContainsKey(MaxFileOption)
            && fallback.MaxFiles == Default.MaxFiles;
        log = isOneFile ? log with { MaxFiles = 1 } : log;
        return log is { Compress: true, MaxFiles: < 2 } or { Compress: true, MaxBytes: 0 }
            ? throw new TareException(
                ErrorKind.InvalidArgument,
                $"compress cannot be true when {MaxFileOption} is less than 2 or {MaxSizeOption} is not set")
            : log;
    }

    /// <summary>Null on success, else why the text is no driver.</summary>
    public static string? TryReadDriver(string text, out bool enabled)
    {
        enabled = text == JsonFile;
        return enabled || text == None ? null : $"want \"{JsonFile}\" or \"{None}\"";
    }

    /// <summary>Null on success, else why the text is no limit of a file.</summary>
    /// <param name="text">a size with docker's k = 1000, or -1</param>
    /// <param name="bytes">0 is no limit</param>
    public static string? TryReadMaxSize(string text, out long bytes)
    {
        bytes = 0;
        if (text == "-1")
        {
            return null;
        }

        if (!SizeText.TryParse(text, Kilo, out bytes))
        {
            return "want a size such as 20m";
        }

        return bytes is >= SmallestFile and <= LargestFile ? null : "want a size from 1k to 1TiB, or -1 for no limit";
    }

    /// <summary>Null on success, else why the text is no number of files.</summary>
    public static string? TryReadMaxFile(string text, out int files)
    {
        bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out files);
        return isNumber && files is > 0 and <= MostFiles ? null : $"want a number of files from 1 to {MostFiles}";
    }

    /// <summary>Null on success, else why the text is no mode.</summary>
    /// <remarks>
    /// What the disk refuses is dropped in both modes, and the container does not wait for it; the buffer of the second is the
    /// kernel's.
    /// </remarks>
    private static string? WhyNoMode(string value) =>
        value is Blocking or NonBlocking ? null : $"want {Blocking} or {NonBlocking}";

    private static string? WhyNoBuffer(string value) => SizeText.TryParse(value, Kibi, out _) ? null : "want a size such as 4m";

    private LogConfiguration With(string option, string value)
    {
        (string? reason, LogConfiguration next) = option switch
        {
            MaxSizeOption => (TryReadMaxSize(value, out long bytes), this with { MaxBytes = bytes }),
            MaxFileOption => (TryReadMaxFile(value, out int files), this with { MaxFiles = files }),
            CompressOption => (WhyNoBoolean(value), this with { Compress = GoBoolean.Parse(value) == true }),
            LabelsOption => (null, this with { Labels = Names(value) }),
            EnvOption => (null, this with { Env = Names(value) }),
            LabelsRegexOption => (NamePattern.WhyNot(value), this with { LabelsRegex = value }),
            EnvRegexOption => (NamePattern.WhyNot(value), this with { EnvRegex = value }),
            TagOption => (LogTag.WhyNot(value), this with { Tag = value }),
            ModeOption => (WhyNoMode(value), this),
            MaxBufferOption => (WhyNoBuffer(value), this),
            _ => (Unknown, this),
        };
        return reason is null
            ? next
            : throw new TareException(ErrorKind.InvalidArgument, $"log-opt {Quoted.Text($"{option}={value}")}: {reason}");
    }

    private static string? WhyNoBoolean(string value) => GoBoolean.Parse(value) is null ? "want true or false" : null;

    private static string[] Names(string value) => value.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
