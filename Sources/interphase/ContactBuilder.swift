import Atomistics
import Dynamics
import FileFormats
import Foundation
import Interfaces
import Potentials
import Workflows

/// Builds, computes and writes one contact after another.
struct ContactBuilder {
  let settings: ContactSettings
  /// Of either side; nil without a potential.
  let stress: ContactStress?
  let calculator: NEPPotential?
  let grid: RegistryCell.Grid?
  let options: ContactEnergyOptions
  /// nil: nothing is written.
  let folder: URL?
  let line: ProgressLine

  struct Built {
    let match: InterfaceOutput.Match
    /// What the page shows, if files are written.
    let entry: ContactPage.Entry?
  }

  func build(_ ranked: ContactRanking.Entry, number: Int) throws -> Built {
    let candidate = ranked.candidate
    let name = "contact-\(number)"
    let registry = try registry(candidate, name)
    let shift = registry?.chosen.shift ?? .zero
    let contact = CoherentInterface(candidate, settings: settings, shift: shift)
    // First the files: what is stopped later has them whole.
    let files = try folder.map {
      try ContactFiles(writing: contact, settings: settings, name: name, to: $0)
    }
    if let folder, let relaxed = registry?.chosenRelaxed {
      try StructureFile.write(
        relaxed.structure, to: folder.appendingPathComponent("\(name).relaxed.extxyz").path)
    }
    let details = MatchDetails(candidate, stress: stress)
    let adhesion = try adhesion(contact, name)
    var entry = files.map {
      ContactPage.Entry(name: name, contact: contact, ranked: ranked, files: $0)
    }
    entry?.stress = details.stress_GPa
    entry?.adhesion = adhesion
    entry?.registry = registry
    entry?.remarks = remarks(details)
    return Built(
      match: InterfaceOutput.Match(
        contact: contact, ranked: ranked, details: details, adhesion: adhesion,
        registry: registry, files: files, remarks: remarks(details)),
      entry: entry)
  }

  /// Slabs that the potential sees through, which are no bulk to it.
  private func remarks(_ details: MatchDetails) -> [String] {
    guard let calculator else { return [] }
    let sides = [
      ("metal", details.anodeThickness_A), ("electrolyte", details.electrolyteThickness_A),
    ]
    return sides.compactMap { name, thickness in
      guard thickness < calculator.cutoff else { return nil }
      return String(
        format: "The %@ is %.1f Å thick, thinner than the range of the potential, %.1f Å; its "
          + "energies are those of a film, not of a bulk.", name, thickness, calculator.cutoff)
    }
  }

  private func registry(_ candidate: ContactCandidate, _ name: String) throws -> ContactRegistry? {
    guard let calculator, let grid else { return nil }
    return try ContactRegistry(
      candidate, settings: settings, grid: grid, calculator: calculator,
      relaxing: options.registryRelax, progress: { text in line.show("\(name): \(text)") },
      shouldStop: { Interruption.isRequested })
  }

  private func adhesion(_ contact: CoherentInterface, _ name: String) throws -> WorkOfAdhesion? {
    guard let calculator, let how = options.adhesion else { return nil }
    return try WorkOfAdhesion(
      of: contact.structure, contacts: contact.contactPlanes.count, calculator: calculator,
      relaxation: how == .relaxed ? .ofContacts : nil,
      progress: { now in
        line.show(
          String(
            format: "%@: adhesion, step %d, largest force %.4f eV/Å", name, now.step,
            now.largestForce))
      }, shouldStop: { Interruption.isRequested })
  }
}
