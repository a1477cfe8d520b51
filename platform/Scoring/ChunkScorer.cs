using System.Buffers;
using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Serverless.Platform.Deployment;
using Serverless.Platform.Storage;
using Serverless.Platform.Training;

namespace Serverless.Platform.Scoring;

/// <summary>Scores one chunk of a file and stages it as a block of the result, which nobody sees until it is whole.</summary>
public sealed class ChunkScorer(PlatformStorage storage, ModelRegistry registry, ModelSessions sessions, ScoringWork work)
{
    /// <summary>Scores a chunk. Returns false when the file is no longer the one that was planned.</summary>
    /// <remarks>Idempotency key: run and chunk, which name both the block and the receipt; scoring is deterministic.</remarks>
    public async Task<bool> ScoreAsync(ScoringPlan plan, int chunk, CancellationToken cancellationToken)
    {
        var part = plan.Chunks[chunk];
        ReadOnlyMemory<byte> bytes;
        try
        {
            BlobDownloadResult downloaded = await storage.Blob(plan.Source.Container, plan.Source.Name).DownloadContentAsync(
                new BlobDownloadOptions
                {
                    Range = new HttpRange(part.Start.Offset, part.Length),
                    Conditions = new BlobRequestConditions { IfMatch = new ETag(plan.Source.ETag) },
                },
                cancellationToken);
            bytes = downloaded.Content.ToMemory();
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return false;
        }

        using var lease = await sessions.LeaseAsync(plan.Model, plan.Version, cancellationToken);
        var learner = plan.Reasons == 0 ? null : await registry.DownloadLearnerAsync(plan.Model, plan.Version, lease.Session.Signature, cancellationToken);
        var (block, receipt) = Score(plan, part, bytes, lease.Session, learner, cancellationToken);

        // The receipt first: a block that is there has one.
        await work.WriteReceiptAsync(plan.Run, chunk, receipt, cancellationToken);
        using var content = new MemoryStream(block.ToArray(), writable: false);
        await work.OutputBlob(plan).StageBlockAsync(ScoredRows.BlockId(plan, chunk), content, cancellationToken: cancellationToken);
        return true;
    }

    /// <summary>Scores a chunk's bytes: the block of the result, and the receipt. The learner is asked for the reasons where the plan wants them.</summary>
    public static (ReadOnlyMemory<byte> Block, ChunkReceipt Receipt) Score(
        ScoringPlan plan, ScoringChunk part, ReadOnlyMemory<byte> bytes, ModelSession session, LearnerFiles? learner, CancellationToken cancellationToken)
    {
        var rows = RowParser.Parse(plan.Header, part, bytes, session.Signature, hasLines: plan.Copy is null);
        var scores = session.Score(rows.Features, cancellationToken);

        var block = new ArrayBufferWriter<byte>(bytes.Length * 2);
        var dialect = plan.Header.Dialect;
        var delimiter = (byte)dialect.Delimiter;
        var version = Encoding.ASCII.GetBytes(plan.Version.ToString(CultureInfo.InvariantCulture));
        var decisions = new RowDecisions(plan, session.Signature, scores);
        var reasons = learner is null ? [] : ReasonCodes.Of(learner, session.Signature, rows.Features, decisions.Towards, plan.Reasons, cancellationToken);
        var none = ScoredRows.Reasons([], plan.Reasons, dialect);
        var nothing = ScoredRows.Reasons([], plan.Reasons + (plan.Classes?.Count ?? 0), dialect);
        var refusals = new List<Refusal>();
        var (scored, refused) = (0, 0);
        for (var i = 0; i < rows.Records.Count; i++)
        {
            var record = bytes.Span[rows.Records[i]];
            if (rows.Refusals.TryGetValue(i, out var refusal))
            {
                ScoredRows.WriteRefused(block, record, delimiter, version, refusal.Reason, dialect, nothing, plan.HasDecision);
                refused++;
                if (refusals.Count < ChunkReceipt.MostRefusals)
                {
                    refusals.Add(refusal);
                }
            }
            else
            {
                var why = reasons.Count == 0 ? none : ScoredRows.Reasons(reasons[scored], plan.Reasons, dialect);
                ScoredRows.WriteScored(block, record, delimiter, decisions.Score(scored), decisions.Decision(scored), version, decisions.More(scored, why));
                scored++;
            }
        }

        return (block.WrittenMemory, new ChunkReceipt(rows.Records.Count, scored, refused, refusals));
    }
}
