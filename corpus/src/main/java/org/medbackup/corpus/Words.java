package org.medbackup.corpus;

import java.util.List;

/** Tables to draw from. Towns, insurers and hospitals are invented; codes are real, so that parsers find what they know. */
final class Words {

    static final List<String> GIVEN_FEMALE = words("""
            Ada Alma Anna Beatriz Carla Chloe Clara Dora Elena Ella Esther Fatima Grace Hanna Ines Irene Jana Judith
            Keiko Laila Lena Lucia Mara Maya Mei Nadia Nora Olga Paula Priya Rosa Ruth Sara Sofia Tara Vera Yara Zoë""");

    static final List<String> GIVEN_MALE = words("""
            Aaron Adam Ahmed Alan Arjun Boris Carlos Daniel David Diego Elias Emil Felix Frank George Hugo Ian Ivan
            Jonas José Kenji Leo Liam Lukas Marco Martin Milan Nathan Omar Oscar Pavel Peter Ravi Samuel Tomas Victor""");

    static final List<String> FAMILY = words("""
            Abbott Adler Alvarez Baker Barnes Bauer Becker Brandt Carver Castro Chandra Cole Cooper Costa Cruz Dalton
            Diaz Duarte Ellis Farmer Fischer Fletcher Fuchs Garza Glover Hale Haas Hayashi Hooper Ito Jansen Keller
            Khan Kovacs Lang Lopez Marsh Mason Mendez Miller Moreau Muñoz Müller Novak O'Brien Okafor Osei Parker Patel
            Porter Quinn Ramos Reyes Ritter Sato Sawyer Silva Singh Thatcher Torres Turner Vogel Weaver Webb Wong""");

    static final List<String> STREETS = words("""
            Alder Birch Canal Cedar Chapel Church Elm Garden Harbor Hill Juniper Lake Laurel Maple Meadow Mill Oak
            Orchard Park Pine Prospect River School Spring Summit Sycamore Valley Walnut Willow Windmill""");

    static final List<String> TOWNS = lines("""
            Alderbrook Falls
            Cedar Crossing
            East Larkfield
            Fernhollow
            Grayling Point
            Lake Sorrel
            Millbrook Heath
            North Tamarind
            Port Juniper
            Quillwater""");

    static final List<String> STATES = words("CA FL GA IL MA MI MN NC NY OH OR PA TX VA WA WI");

    static final List<String> INSURERS = lines("""
            Synthetic Mutual
            Example Health Plan
            Testland Blue""");

    /** For prose without meaning; no more than 256, so that one byte picks a word. */
    static final List<String> CLINICAL = words("""
            patient presents with pain fever cough nausea fatigue dyspnea edema rash headache dizziness reports denies
            history of the and in to for on was is at by from without no mild moderate severe acute chronic stable
            improved worse persistent intermittent left right bilateral upper lower anterior posterior lateral chest
            abdomen heart lung kidney liver spine knee shoulder hip wrist ankle skin neck back throat blood pressure
            rate rhythm regular murmur clear breath sounds soft tender bowel normal abnormal elevated decreased within
            limits findings consistent suggestive negative positive culture biopsy specimen sample panel count level
            result pending reviewed discussed plan continue start stop increase decrease dose mg daily twice weekly
            oral intravenous tablet infusion antibiotic insulin metformin lisinopril aspirin heparin warfarin statin
            oxygen therapy physical occupational consult cardiology oncology surgery radiology nursing follow up days
            weeks months return clinic emergency admitted discharged transferred home ambulatory assessment diagnosis
            diabetes hypertension pneumonia asthma fracture anemia sepsis infection renal failure arrest stroke angina
            arrhythmia thrombosis embolism obesity depression anxiety allergy penicillin latex none known family social
            smoker alcohol former never exercise diet sleep weight height temperature pulse saturation respiratory alert
            oriented cooperative distress comfortable images obtained contrast axial views compared prior study interval
            change opacity effusion nodule lesion mass size margin density enhancement impression recommend correlate
            clinically signed electronically attending resident nurse technologist time date seen examined agree""");

    static final List<String> SENTENCES = lines("""
            Reports intermittent chest discomfort on exertion, relieved by rest.
            Denies fever, chills or night sweats.
            Lungs are clear to auscultation on both sides.
            No peripheral edema; pulses are equal and strong.
            Medication list was reviewed and reconciled with the pharmacy record.
            Blood pressure 132/84 & stable | see flow sheet ^ repeat ~ 15 min \\ seated.
            Tolerated the procedure well; no immediate complications.
            Wound is clean and dry; dressing changed by the ward nurse.
            Advised to return if pain > 7/10 or temperature > 38.5 °C.
            Follow-up visit in two weeks; laboratory results to be sent to the practice.
            Patient's daughter was present and agrees with the plan.
            Glucose was < 70 mg/dL once during the night and corrected by mouth.
            Ambulates without assistance; fall risk is low.
            Consent was obtained after risks (bleeding, infection) had been explained.
            Imaging shows no acute finding when compared with the prior study.
            Discharge instructions were given in writing and understood.""");

    private Words() {}

    static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }

    static List<String> lines(String text) {
        return text.strip().lines().map(String::strip).toList();
    }
}
