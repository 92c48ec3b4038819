import Atomistics
import Foundation
import Potentials

/// The input of a training by our own trainer, in the words of GPUMD's `nep.in`.
///
/// | word | what | ours unless told |
/// |---|---|---|
/// | `version` | 4 | 4 |
/// | `zbl` | outer cut-off of the repulsion, Å; 0 for none | 2 |
/// | `use_typewise_cutoff_zbl` | factor of the sum of covalent radii, no further than `zbl` | 0.7 |
/// | `cutoff` | radial and angular, Å | 6 5 |
/// | `n_max` | radial and angular functions, less one | 4 4 |
/// | `basis_size` | Chebyshev polynomials of each, less one | 8 8 |
/// | `l_max` | three-body, four-body (0 or 2), five-body (0 or 1) | 4 2 1 |
/// | `neuron` | neurons; one more holds the shift of an element | 79 |
/// | `lambda_e`, `lambda_f`, `lambda_v` | weights of `NEPFitLoss` | 3 1 0.2 |
/// | `batch` | frames a step | 4 |
/// | `epoch` | | 200 |
/// | `lr`, `stop_lr` | learning rate at first and in the end | 0.002 0.00002 |
struct NEPInput {
  var repulsion = (outer: 2.0, factor: 0.7)
  var cutoffs = (radial: 6.0, angular: 5.0)
  var functions = (radial: 4, angular: 4)
  var basis = (radial: 8, angular: 8)
  var terms = (three: 4, four: 2, five: 1)
  var neurons = 79
  var loss = NEPFitLoss(energy: 3, force: 1, virial: 0.2)
  var batch = 4
  var epochs = 200
  var rates = (first: 0.002, last: 0.000_02)

  /// - Throws: `WorkflowsError.badTraining` with the line for a word or number that is not known.
  init(_ text: String) throws {
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let words = line.prefix { $0 != "#" }.split(separator: " ")
      guard let word = words.first else { continue }
      let values = words.dropFirst().compactMap { Double($0) }
      guard values.count == words.count - 1, try take(String(word), values) else {
        throw WorkflowsError.badTraining(
          "line \(number + 1) of the input, '\(line.prefix(60))': \(Self.expected(String(word)))")
      }
    }
  }

  private static func expected(_ word: String) -> String {
    let forms = [
      "version": "version 4 is what is trained", "type": "the elements are those of the frames",
      "zbl": "expected zbl OUTER, from 0 to 10 Å",
      "use_typewise_cutoff_zbl": "expected a factor above 0 and at most 10",
      "cutoff": "expected cutoff RADIAL ANGULAR, from 1 to 12 Å, the first not the smaller",
      "n_max": "expected two whole numbers from 0 to 19",
      "basis_size": "expected two whole numbers from 0 to 22",
      "l_max": "expected l_max L [0 or 2 [0 or 1]], L from 2 to 8",
      "neuron": "expected a whole number from 1 to 248",
      "batch": "expected a whole number from 1 to 1000",
      "epoch": "expected a whole number above 0",
    ]
    if word.hasPrefix("lambda") || word.hasSuffix("lr") { return "expected one number, 0 or more" }
    return forms[word] ?? "the word is not known to this trainer"
  }

  /// Whether the word and its numbers are as they should be.
  private mutating func take(_ word: String, _ values: [Double]) throws -> Bool {
    let whole = values.compactMap { Int(exactly: $0) }
    func integers(_ counts: ClosedRange<Int>, _ range: ClosedRange<Int>) -> Bool {
      counts.contains(values.count) && whole.count == values.count
        && whole.allSatisfy(range.contains)
    }
    func numbers(_ count: Int, _ range: ClosedRange<Double>) -> Bool {
      values.count == count && values.allSatisfy(range.contains)
    }
    switch word {
    case "version": return integers(1...1, 4...4)
    case "zbl":
      guard numbers(1, 0...10) else { return false }
      repulsion.outer = values[0]
    case "use_typewise_cutoff_zbl":
      guard numbers(1, 0...10), values[0] > 0 else { return false }
      repulsion.factor = values[0]
    case "cutoff":
      guard numbers(2, 1...12), values[0] >= values[1] else { return false }
      cutoffs = (values[0], values[1])
    case "n_max":
      guard integers(2...2, 0...19) else { return false }
      functions = (whole[0], whole[1])
    case "basis_size":
      guard integers(2...2, 0...22) else { return false }
      basis = (whole[0], whole[1])
    case "l_max":
      guard integers(1...3, 0...8), whole[0] >= 2 else { return false }
      terms = (whole[0], whole.count > 1 ? whole[1] : 0, whole.count > 2 ? whole[2] : 0)
      return [0, 2].contains(terms.four) && [0, 1].contains(terms.five)
    case "neuron":
      guard integers(1...1, 1...248) else { return false }
      neurons = whole[0]
    case "batch":
      guard integers(1...1, 1...1000) else { return false }
      batch = whole[0]
    case "epoch":
      guard integers(1...1, 1...10_000_000) else { return false }
      epochs = whole[0]
    case "lambda_e", "lambda_f", "lambda_v", "lr", "stop_lr":
      guard numbers(1, 0...1e6) else { return false }
      switch word {
      case "lambda_e": loss.energy = values[0]
      case "lambda_f": loss.force = values[0]
      case "lambda_v": loss.virial = values[0]
      case "lr": rates.first = values[0]
      default: rates.last = values[0]
      }
    default: return false
    }
    return true
  }

  /// The shape of a model of these elements.
  func header(_ species: [Element]) -> NEPHeader {
    NEPHeader(
      species: species,
      repulsion: repulsion.outer > 0
        ? .covalent(factor: repulsion.factor, outer: repulsion.outer) : .none,
      radialCutoffs: species.map { _ in cutoffs.radial },
      angularCutoffs: species.map { _ in cutoffs.angular }, radialOrder: functions.radial,
      angularOrder: functions.angular, radialBasis: basis.radial, angularBasis: basis.angular,
      maximumL: terms.three, hasFourBody: terms.four > 0, hasFiveBody: terms.five > 0,
      neurons: neurons)
  }

  func schedule(seed: Int) -> NEPFit.Schedule {
    NEPFit.Schedule(
      epochs: epochs, batch: batch, rate: rates.first,
      lowest: rates.first > 0 ? rates.last / rates.first : 1, seed: seed)
  }
}
